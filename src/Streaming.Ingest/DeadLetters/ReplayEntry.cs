using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Ingest.DeadLetters;

/// <summary>What the ledger of replays says of one dead letter, by the origin of its event.</summary>
/// <param name="Origin">Where the event became a dead letter: <c>topic/partition/offset</c>.</param>
/// <param name="From">The end of its partition before it was appended again: its second record is there or behind.</param>
/// <param name="At">The offset of the second record; null as long as it is only intended.</param>
public sealed record ReplayEntry(string Origin, long From, long? At)
{
    /// <summary>The version that is written.</summary>
    public const int Version = 1;

    /// <summary>The entry as bytes: JSON, for people too.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Body(Version, Origin, From, At), ReplayJson.Default.Body);

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null for anything else.</summary>
    public static ReplayEntry? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ReplayJson.Default.Body) is { Version: Version, Origin: { } origin } body
                ? new ReplayEntry(origin, body.From, body.At)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Body(int Version, string Origin, long From, long? At);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayEntry.Body))]
internal sealed partial class ReplayJson : JsonSerializerContext;
