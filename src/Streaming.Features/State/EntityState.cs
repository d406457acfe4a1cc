// Hot: applies every event of an entity, answers every read of it.
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// All that is known of one entity: its views' states and, per feed and partition, the last offset that is in them. One owner
/// applies events; any thread may read, without a lock and without waiting (docs/adr/0003-optimistic-reads.md): a version
/// number is odd while the owner writes, and a read that saw it change says <see cref="ReadOutcome.Contended"/>.
/// </summary>
public sealed partial class EntityState
{
    private readonly ViewState[] _views;
    private readonly AppliedOffsets _applied = new();

    // By feed; null where no feed of the entity type declares duplicates.
    private readonly SeenIds?[]? _seen;
    private int _version;
    private long _applying = -1;

    /// <summary>The state of an entity that nothing is known of.</summary>
    /// <param name="plan">Its features.</param>
    /// <param name="sinceMillis">
    /// The event time that it begins at, as if its newest event had been then: what was before is forgotten, and can matter no more
    /// (<see cref="UselessFromMillis"/>).
    /// </param>
    public EntityState(EntityPlan plan, long sinceMillis = long.MinValue)
    {
        Plan = plan;
        _views = new ViewState[plan.Views.Length];
        for (var i = 0; i < _views.Length; i++)
        {
            _views[i] = new ViewState(plan.Views[i], sinceMillis);
        }

        _seen = NoIds(plan);
    }

    internal EntityState(EntityPlan plan, ViewState[] views, AppliedOffsets applied, SeenIds?[]? seen)
    {
        Plan = plan;
        _views = views;
        _applied = applied;
        _seen = seen;
    }

    /// <summary>What this entity's features are.</summary>
    public EntityPlan Plan { get; }

    /// <summary>Events held, over all views.</summary>
    public int StoredEvents => _views.Sum(v => v.Count);

    /// <summary>Bytes of state in memory, texts not counted.</summary>
    public int MemoryBytes => _views.Sum(v => v.MemoryBytes) + (_seen?.Sum(ids => ids?.MemoryBytes ?? 0) ?? 0);

    /// <summary>
    /// Bytes that the entity takes in memory, about: its state, texts and ids, and the objects that hold them. Cheap; for the owner, or for
    /// whoever can bear a figure of a moment ago.
    /// </summary>
    public long Bytes
    {
        get
        {
            // What .NET spends on this object, its arrays and its applied offsets.
            long bytes = 176 + (sizeof(long) * _views.Length) + (24 * _applied.Count);
            foreach (var view in _views)
            {
                bytes += view.Bytes;
            }

            foreach (var ids in Seen)
            {
                bytes += sizeof(long) + (ids?.Bytes ?? 0);
            }

            return bytes;
        }
    }

    /// <summary>
    /// Events that came when the state kept newer ones alone: no window of any read that is answered holds them, and no lifetime feature
    /// counts them. A count of arrivals since this object was made, and no part of the state: two orders of the same events differ in it.
    /// </summary>
    public long LateEvents { get; private set; }

    /// <summary>
    /// Events that came again within their topic's horizon and were not applied. A count of arrivals, as <see cref="LateEvents"/> is.
    /// </summary>
    public long DuplicateEvents { get; private set; }

    /// <summary>The newest event time applied; <see cref="EventTime.None"/> before the first.</summary>
    public EventTime Newest => new(_views.Max(v => v.Newest));

    internal ReadOnlySpan<ViewState> Views => _views;

    internal AppliedOffsets Applied => _applied;

    internal ReadOnlySpan<SeenIds?> Seen => _seen;

    /// <summary>The last offset applied of a feed's partition; -1 when none. For the owner.</summary>
    public long AppliedOffset(EntityFeed feed, int partition) => _applied.Get(feed.Index, partition);

    /// <summary>Applies rows of a batch, in order; those at or below the applied offset are skipped. For the owner.</summary>
    /// <returns>How many events were applied.</returns>
    public int Apply(EntityFeed feed, EventBatch batch, ReadOnlySpan<int> rows)
    {
        var last = _applied.Get(feed.Index, batch.Partition);
        var applied = 0;
        Interlocked.Increment(ref _version);
        try
        {
            foreach (var row in rows)
            {
                if (batch.Offsets[row] > last)
                {
                    last = batch.Offsets[row];
                    _applying = last;
                    Apply(feed, batch, row);
                    applied++;
                }
            }

            if (applied > 0)
            {
                _applied.Set(feed.Index, batch.Partition, last);
            }
        }
        finally
        {
            Volatile.Write(ref _version, _version + 1);
        }

        return applied;
    }

    /// <summary>Reads features at an event time. For the owner.</summary>
    /// <param name="read">What to read.</param>
    /// <param name="atMillis">The event time of the read.</param>
    /// <param name="request">A hypothetical event that happens at the read time, newest of all; null for none.</param>
    /// <param name="row">Its row.</param>
    /// <param name="output">Where the values go, by the plan's slots.</param>
    public ReadOutcome Read(EntityReadPlan read, long atMillis, EventBatch? request, int row, Span<FeatureValue> output)
    {
        // Cursors move in place, which a reader on another thread must not take for a state.
        Interlocked.Increment(ref _version);
        try
        {
            return ReadAlone(read, atMillis, request, row, output);
        }
        finally
        {
            Volatile.Write(ref _version, _version + 1);
        }
    }

    /// <summary>
    /// Reads as <see cref="Read"/> does and then applies the event that was the hypothetical one, for one thread that has the state
    /// to itself: a point-in-time join. Offsets are not looked at.
    /// </summary>
    /// <returns>What came of the read; the event is applied whatever that is.</returns>
    public ReadOutcome ReadThenApply(EntityReadPlan read, EntityFeed feed, EventBatch batch, int row, Span<FeatureValue> output)
    {
        var outcome = ReadAlone(read, batch.Times(feed.TimeField)[row], batch, row, output);
        Apply(feed, batch, row);
        return outcome;
    }

    /// <summary>Reads without an event of its own, for one thread that has the state to itself.</summary>
    /// <returns>What came of it; where that is not <see cref="ReadOutcome.Done"/>, the output means nothing.</returns>
    public ReadOutcome ReadAlone(EntityReadPlan read, long atMillis, EventBatch? request, int row, Span<FeatureValue> output)
    {
        var posted = new PostedRequest(this, request, row);
        foreach (var view in read.Views)
        {
            var state = _views[view.ViewIndex].KnownBy(view.View, atMillis);
            var slab = state.Words;
            var hypothetical = posted.For(view, atMillis);
            var outcome = ViewReader.Read(view, slab.AsSpan(0, view.View.HeaderWords), slab, state.Texts, atMillis, hypothetical, output);
            if (outcome != ReadOutcome.Done)
            {
                return outcome;
            }
        }

        return ReadOutcome.Done;
    }

    /// <summary>
    /// Applies one event, unless it came before within the horizon of its topic, for one thread that has the state to itself. Offsets are
    /// not looked at.
    /// </summary>
    public void Apply(EntityFeed feed, EventBatch batch, int row)
    {
        if (_seen is not null && IsDuplicate(feed, batch, row))
        {
            DuplicateEvents++;
            return;
        }

        var counts = false;
        foreach (var view in feed.Views)
        {
            counts |= _views[view].Apply(Plan.Views[view], batch, row);
        }

        LateEvents += counts ? 0 : 1;
    }

    /// <summary>
    /// Reads as <see cref="Read"/> does, from any thread, without the owner. Only for plans that are
    /// <see cref="EntityReadPlan.IsOptimistic"/>.
    /// </summary>
    public ReadOutcome TryRead(EntityReadPlan read, long atMillis, EventBatch? request, int row, Span<FeatureValue> output)
    {
        Span<long> copy = stackalloc long[read.HeaderWords];
        var version = Volatile.Read(ref _version);
        var posted = new PostedRequest(this, request, row);
        foreach (var view in read.Views)
        {
            var outcome = TryRead(view, version, copy, atMillis, posted.For(view, atMillis), output);
            if (outcome != ReadOutcome.Done)
            {
                return outcome;
            }
        }

        return ReadOutcome.Done;
    }

    /// <summary>
    /// The time at which the event of this feed with the id of a row came, while that is remembered. Safe on any thread; right if the owner
    /// did not write.
    /// </summary>
    internal bool TryFindPosted(EntityFeed feed, EventBatch batch, int row, out long time)
    {
        time = long.MinValue;
        return feed.Duplicates is { } rule && _seen?[feed.Index] is { } seen
            && SeenIds.HashOf(batch.Texts(rule.IdField)[row]) is var id && id != UInt128.Zero
            && seen.TryFind(id, batch.Times(feed.TimeField)[row], rule.HorizonMillis, out time);
    }

    /// <summary>Brings every view to its one form for its events. For the owner.</summary>
    internal void Settle()
    {
        Interlocked.Increment(ref _version);
        for (var feed = 0; feed < _seen?.Length; feed++)
        {
            _seen[feed]?.Trim(Plan.Feeds[feed].Duplicates!.HorizonMillis);
        }

        for (var i = 0; i < _views.Length; i++)
        {
            _views[i].Settle(Plan.Views[i]);
        }

        Volatile.Write(ref _version, _version + 1);
    }

    /// <summary>
    /// The header is copied and proved to be of one moment before it is used, so every index in it lies within the slab. Columns
    /// may change under the read; then the version has changed too, and what was computed is thrown away.
    /// </summary>
    private ReadOutcome TryRead(
        ViewReadPlan view, int version, Span<long> copy, long atMillis, in RequestEvent request, Span<FeatureValue> output)
    {
        var slab = _views[view.ViewIndex].Words;
        var header = copy[..view.View.HeaderWords];
        slab.AsSpan(0, header.Length).CopyTo(header);
        if ((version & 1) != 0 || Changed(version))
        {
            return ReadOutcome.Contended;
        }

        if (view.View.KnownWord >= 0 && header[view.View.KnownWord] > atMillis)
        {
            return ReadOutcome.AskOwner;
        }

        var outcome = ViewReader.Read(view, header, slab, null, atMillis, request, output);
        return Changed(version) ? ReadOutcome.Contended : outcome;
    }

    private bool IsDuplicate(EntityFeed feed, EventBatch batch, int row) =>
        feed.Duplicates is { } rule
        && SeenIds.HashOf(batch.Texts(rule.IdField)[row]) is var id && id != UInt128.Zero
        && (_seen![feed.Index] ??= new SeenIds()).Judge(id, batch.PartitionOf(row), batch.Times(feed.TimeField)[row], rule.HorizonMillis);

    /// <summary>Room for the ids of each feed, where any declares duplicates.</summary>
    internal static SeenIds?[]? NoIds(EntityPlan plan) =>
        plan.RemembersIds ? new SeenIds?[plan.Feeds.Length] : null;

    private bool Changed(int version)
    {
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _version) != version;
    }
}
