// Hot: every event of the log passes Apply.
using System.Globalization;
using Streaming.Engine.Entities;
using Streaming.Engine.Sources;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Compares live states with what the log gives: each entity is folded from the log's beginning up to the very offsets that its live
/// state has applied, so a node may go on meanwhile. Used by one caller at a time.
/// </summary>
public sealed class StateVerification(ReplayServices services)
{
    private const int PassesMax = 20;

    private readonly Dictionary<EntityPlan, EntityMap> _entities =
        services.Catalog.Entities.ToDictionary(plan => plan, plan => new EntityMap(plan));
    private readonly HashSet<(FoldedEntity Entity, int Feed, int Partition, long Offset)> _poison = [];
    private readonly Dictionary<TopicPartition, long> _confirmed = [];
    private CutLog _cuts = new([]);
    private bool _isRepeated;

    /// <summary>Entities that were given.</summary>
    public long Entities { get; private set; }

    /// <summary>Whether retention has cut the log, so that not all can be compared.</summary>
    public bool IsCut { get; private set; }

    /// <summary>
    /// Entities that differ from what the log gives, and had events, or may still have some in their windows, that retention has cut from
    /// it: nothing can be said of them. They are not among the differences.
    /// </summary>
    public long NotJudged { get; private set; }

    /// <summary>Offsets that are to be read; known once <see cref="RunAsync"/> has begun.</summary>
    public long Total { get; private set; }

    /// <summary>Notes what the node had confirmed before its states were taken: those that it lacks are looked for before that.</summary>
    public void Confirmed(IEnumerable<DurableMark> marks)
    {
        foreach (var mark in marks)
        {
            _confirmed[new TopicPartition(mark.Topic, mark.Partition)] = mark.Offset;
        }
    }

    /// <summary>
    /// Notes since when the node remembers entities of a type, asked after their states were taken: what could matter no more by then may
    /// be missing in them.
    /// </summary>
    public void RememberedSince(EntityPlan plan, long sinceMillis) => _entities[plan].SinceMillis = sinceMillis;

    /// <summary>Adds a live state.</summary>
    public void Add(EntityPlan plan, byte[] key, byte[] state)
    {
        _entities[plan].ByKey[key] = new FoldedEntity(plan, state);
        Entities++;
    }

    /// <summary>Folds the log and compares.</summary>
    /// <param name="progress">Told how many offsets are read, of how many.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="Ingest.IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<IReadOnlyList<StateDifference>> RunAsync(Action<long, long> progress, CancellationToken cancellation)
    {
        for (var pass = 0; pass < PassesMax && (pass == 0 || RestartFailed()); pass++)
        {
            await using var fold = new LogFold(services, Apply);
            await fold.OpenAsync(cancellation);
            (Total, IsCut, _isRepeated, _cuts) = (fold.Total, fold.IsCut, pass > 0, new CutLog(fold.Cuts));
            await fold.RunAsync(
                done =>
                {
                    progress(done, fold.Total);
                    return ValueTask.CompletedTask;
                },
                cancellation);
        }

        NotJudged = 0;
        return
        [
            .. _entities.Values.SelectMany(map => map.ByKey.Select(entity => Compare(map, entity.Key, entity.Value)))
                .OfType<StateDifference>(),
        ];
    }

    private void Apply(EntityFeed feed, DecodedRead read)
    {
        var map = _entities[feed.Entity];
        var (batch, keys) = (read.Batch, read.Batch.Texts(feed.KeyField));
        var confirmed = _confirmed.GetValueOrDefault(new TopicPartition(feed.Source.Name, batch.Partition));
        _cuts.Begin(feed, read);
        Span<int> one = stackalloc int[1];
        foreach (var row in read.RowsOf(feed))
        {
            var offset = batch.Offsets[row];
            if (map.Find(keys[row], isNew: offset < confirmed && !_isRepeated) is not { HasFailed: false } entity
                || offset > (entity.Live is null ? confirmed - 1 : entity.Limit(feed.Index, batch.Partition)))
            {
                continue;
            }

            one[0] = row;
            try
            {
                if (_poison.Count == 0 || !_poison.Contains((entity, feed.Index, batch.Partition, offset)))
                {
                    entity.State.Apply(feed, batch, one);
                }
            }
            catch (Exception cause) when (EntityActor.IsCausedByEvent(cause))
            {
                // As in a node: the feed skips the event, and the entity begins again.
                entity.HasFailed = true;
                _poison.Add((entity, feed.Index, batch.Partition, offset));
            }
        }
    }

    // A pass for those alone on which an event failed: what the others have applied they skip.
    private bool RestartFailed()
    {
        var failed = _entities.Values.SelectMany(map => map.ByKey.Values).Where(entity => entity.HasFailed).ToList();
        failed.ForEach(entity => entity.Restart());
        return failed.Count > 0;
    }

    private StateDifference? Compare(EntityMap map, byte[] key, FoldedEntity entity)
    {
        var name = $"{map.Plan.Name}/{Mask.Key(key)}";
        if (entity.IsUnreadable)
        {
            return new StateDifference(name, "its live state cannot be read");
        }

        if (entity.Live is null)
        {
            return entity.State.UselessFromMillis <= map.SinceMillis
                ? null
                : new StateDifference(name, $"the node does not know it; the log has {Text(entity.State)}");
        }

        if (StateBytes.ToArray(entity.State).AsSpan().SequenceEqual(entity.Live))
        {
            return null;
        }

        var live = StateBytes.Read(map.Plan, entity.Live).State!;
        var difference = new StateDifference(name, $"live it has {Text(live)}; the log gives {Text(entity.State)}");
        if (_cuts.MayLack(live))
        {
            NotJudged++;
            return null;
        }

        return map.SinceMillis > long.MinValue && AreAlikeSince(map.SinceMillis, live, entity.State) ? null : difference;
    }

    // The live one may have been forgotten, and have begun again.
    private static bool AreAlikeSince(long sinceMillis, EntityState live, EntityState folded)
    {
        live.ForgetBefore(sinceMillis);
        folded.ForgetBefore(sinceMillis);
        return StateBytes.ToArray(live).AsSpan().SequenceEqual(StateBytes.ToArray(folded));
    }

    private static string Text(EntityState state)
    {
        var marks = state.AppliedOffsets().Select(mark => FormattableString.Invariant($"{mark.Feed.Name}[{mark.Partition}]@{mark.Offset}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{state.StoredEvents} stored events, the newest of {state.Newest}, applied up to {string.Join(", ", marks)}");
    }

    private sealed class EntityMap
    {
        private readonly Dictionary<byte[], FoldedEntity>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

        public EntityMap(EntityPlan plan)
        {
            Plan = plan;
            _byBytes = ByKey.GetAlternateLookup<ReadOnlySpan<byte>>();
        }

        public EntityPlan Plan { get; }

        public long SinceMillis { get; set; } = long.MinValue;

        public Dictionary<byte[], FoldedEntity> ByKey { get; } = new(Utf8KeyComparer.Instance);

        public FoldedEntity? Find(ReadOnlySpan<byte> key, bool isNew)
        {
            if (!_byBytes.TryGetValue(key, out var entity) && isNew)
            {
                entity = new FoldedEntity(Plan, null);
                ByKey.Add(key.ToArray(), entity);
            }

            return entity;
        }
    }
}
