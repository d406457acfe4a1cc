// Hot: noted for every entity of every request.
using System.Globalization;
using System.Text.Json;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Scoring.Requests;

/// <summary>
/// What each entity of a service had applied when it was read, so that an answer can be derived again from the log. Belongs to one request
/// at a time.
/// </summary>
internal sealed class KnownOffsets(ServicePlan service)
{
    private const int Unknown = -1;
    private readonly KnownOffset[][] _offsets = [.. service.Entities.Select(static _ => new KnownOffset[8])];
    private readonly int[] _counts = [.. service.Entities.Select(static _ => Unknown)];
    private KnownOffset[] _now = new KnownOffset[8];

    /// <summary>Forgets all.</summary>
    public void Clear() => _counts.AsSpan().Fill(Unknown);

    /// <summary>Notes what an entity of the service has applied now, where the store knows that at once.</summary>
    /// <returns>Whether it does.</returns>
    public bool Note(int entity, IFeatureStore store, ReadOnlySpan<byte> key)
    {
        var plan = service.Entities[entity].Plan.Entity;
        var count = store.TryKnown(plan, key, _offsets[entity]);
        if (count > _offsets[entity].Length)
        {
            _offsets[entity] = new KnownOffset[2 * count];
            count = store.TryKnown(plan, key, _offsets[entity]);
        }

        _counts[entity] = count <= _offsets[entity].Length ? count : Unknown;
        return _counts[entity] != Unknown;
    }

    /// <summary>Whether what was noted of an entity is still all that it has applied; false where nothing was noted.</summary>
    public bool Holds(int entity, IFeatureStore store, ReadOnlySpan<byte> key)
    {
        var noted = _offsets[entity].AsSpan(0, Math.Max(0, _counts[entity]));
        var now = _now.AsSpan(0, Math.Min(_now.Length, noted.Length));
        if (now.Length < noted.Length)
        {
            now = _now = new KnownOffset[_offsets[entity].Length];
        }

        return _counts[entity] != Unknown
            && store.TryKnown(service.Entities[entity].Plan.Entity, key, now) == noted.Length
            && now[..noted.Length].SequenceEqual(noted);
    }

    /// <summary>Forgets what was noted of an entity.</summary>
    public void Forget(int entity) => _counts[entity] = Unknown;

    /// <summary>Takes over what another request's call noted.</summary>
    public void CopyFrom(KnownOffsets other)
    {
        other._counts.CopyTo(_counts, 0);
        for (var entity = 0; entity < _counts.Length; entity++)
        {
            var noted = other._offsets[entity].AsSpan(0, Math.Max(0, _counts[entity]));
            if (_offsets[entity].Length < noted.Length)
            {
                _offsets[entity] = new KnownOffset[other._offsets[entity].Length];
            }

            noted.CopyTo(_offsets[entity]);
        }
    }

    /// <summary>
    /// Writes them as a JSON object: <c>{"card":{"transactions.card_id@ts":{"2":105}}}</c>, entity, feed, partition and offset. An entity
    /// that is not there was not in memory.
    /// </summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        for (var entity = 0; entity < _counts.Length; entity++)
        {
            if (_counts[entity] != Unknown)
            {
                Write(writer, service.Entities[entity].Plan.Entity, _offsets[entity].AsSpan(0, _counts[entity]));
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter)"/> wrote, for the entities of a service, which may be another one.</summary>
    /// <param name="json">The object; null where nothing was noted.</param>
    /// <param name="service">The service.</param>
    /// <returns>By entity of the service; null for one that is not there, or whose feeds are other ones today.</returns>
    public static KnownOffset[]?[] Parse(string? json, ServicePlan service)
    {
        using var document = JsonDocument.Parse(json ?? "{}");
        return [.. service.Entities.Select(read => Parse(document.RootElement, read.Plan.Entity))];
    }

    private static KnownOffset[]? Parse(JsonElement known, EntityPlan entity)
    {
        if (!known.TryGetProperty(entity.Name, out var feeds))
        {
            return null;
        }

        var offsets = new List<KnownOffset>();
        foreach (var feed in feeds.EnumerateObject())
        {
            if (entity.Feeds.FirstOrDefault(each => each.Name == feed.Name) is not { } plan)
            {
                return null;
            }

            offsets.AddRange(feed.Value.EnumerateObject().Select(
                each => new KnownOffset(plan.Index, int.Parse(each.Name, CultureInfo.InvariantCulture), each.Value.GetInt64())));
        }

        return [.. offsets];
    }

    // They are in the order of feed and partition.
    private static void Write(Utf8JsonWriter writer, EntityPlan entity, ReadOnlySpan<KnownOffset> offsets)
    {
        writer.WriteStartObject(entity.Name);
        var feed = -1;
        Span<char> digits = stackalloc char[11];
        foreach (var known in offsets)
        {
            if (known.Feed != feed)
            {
                if (feed >= 0)
                {
                    writer.WriteEndObject();
                }

                feed = known.Feed;
                writer.WriteStartObject(entity.Feeds[feed].Name);
            }

            known.Partition.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
            writer.WriteNumber(digits[..length], known.Offset);
        }

        if (feed >= 0)
        {
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
