using Streaming.Features.Language;
using Streaming.Features.Plans;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Computes a service's vector for every event of a spine, as of that event: what an engine that had read the same log would have
/// answered at that moment, by the same compiled plans. Chunks come in order of time; memory is that of the entities' states.
/// </summary>
public sealed class PointInTimeJoin : IDisposable
{
    private readonly ServicePlan _service;
    private readonly EntityJoin[] _entities;
    private readonly EventStream[] _streams;
    private readonly ParallelOptions _parallel;
    private readonly double[][] _slots;

    /// <param name="service">A service of a catalog that has only what it reads (<see cref="FeatureCatalog.For"/>).</param>
    /// <param name="spine">The rows. Their own events are joined as they are read.</param>
    /// <param name="joined">The events of the other feeds: of every source and event time that the service reads.</param>
    /// <param name="threads">How many threads work on a chunk.</param>
    /// <exception cref="BackfillException">A row of the spine names no entity of a type that the service reads, or several.</exception>
    /// <exception cref="ArgumentException">The events of a feed are missing.</exception>
    public PointInTimeJoin(ServicePlan service, JoinSpine spine, IReadOnlyList<JoinedEvents> joined, int threads)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(spine);
        var feeds = service.Entities.SelectMany(read => read.Plan.Entity.Feeds);
        if (feeds.FirstOrDefault(feed => !spine.Feed(feed) && !joined.Any(events => events.Feed(feed))) is { } missing)
        {
            throw new ArgumentException($"the service {service.Name} reads {missing.Name}, and nothing gives these events", nameof(joined));
        }

        _service = service;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        _streams = [.. joined.Select(events => new EventStream(events))];
        _entities = [.. service.Entities.Select(read => new EntityJoin(service, read, spine, _streams))];
        _slots = [.. service.Reads.Select(_ => Array.Empty<double>())];
    }

    /// <summary>
    /// Computes a chunk's vectors, element by element: <paramref name="vector"/> has an array of at least as many rows for each.
    /// </summary>
    public void Process(EventChunk chunk, double[][] vector)
    {
        ArgumentNullException.ThrowIfNull(chunk);
        ArgumentNullException.ThrowIfNull(vector);
        if (chunk.Count == 0)
        {
            return;
        }

        var slots = SlotsFor(chunk.Count, vector);
        var until = chunk.Times[chunk.RowAt(chunk.Count - 1)];
        var events = _streams.ToDictionary(stream => stream, stream => stream.TakeUntil(until));
        var parts = 2 * _parallel.MaxDegreeOfParallelism;
        Parallel.For(0, _entities.Length, _parallel, i => _entities[i].Group(chunk, events));
        Parallel.For(0, _entities.Length * parts, _parallel, i => _entities[i / parts].Process(chunk, i % parts, parts));
        Parallel.For(0, _entities.Length, _parallel, i => _entities[i].Spread(chunk.Count, slots));
        for (var i = 0; i < vector.Length; i++)
        {
            if (_service.SlotOf(i) < 0)
            {
                Derive(chunk, slots, i, vector[i]);
            }
        }
    }

    /// <summary>Stops reading the joined events.</summary>
    public void Dispose()
    {
        foreach (var stream in _streams)
        {
            stream.Dispose();
        }
    }

    // A view's feature is computed straight into its place in the vector.
    private double[][] SlotsFor(int rows, double[][] vector)
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot].Length < rows)
            {
                _slots[slot] = new double[rows];
            }
        }

        var slots = (double[][])_slots.Clone();
        for (var i = 0; i < vector.Length; i++)
        {
            if (_service.SlotOf(i) is >= 0 and var slot)
            {
                slots[slot] = vector[i];
            }
        }

        return slots;
    }

    private void Derive(EventChunk chunk, double[][] slots, int element, double[] output)
    {
        Span<double> numbers = stackalloc double[slots.Length];
        for (var row = 0; row < chunk.Count; row++)
        {
            for (var slot = 0; slot < slots.Length; slot++)
            {
                numbers[slot] = slots[slot][row];
            }

            output[row] = _service.Element(element, new ExpressionContext(chunk.Batch, row, numbers));
        }
    }
}
