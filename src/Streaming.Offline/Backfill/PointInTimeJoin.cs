using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Plans;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Computes a service's vector for every event of a spine, as of that event: what an engine that had read the same log would have
/// answered at that moment, by the same compiled plans. Chunks come in order of time; memory is that of the entities' states.
/// </summary>
internal sealed class PointInTimeJoin
{
    private readonly ServicePlan _service;
    private readonly EntityJoin[] _entities;
    private readonly int _threads;
    private readonly double[][] _slots;

    /// <param name="service">A service of a catalog that has only what it reads (<see cref="FeatureCatalog.For"/>).</param>
    /// <param name="spine">The source of the rows.</param>
    /// <param name="threads">How many threads work on a chunk.</param>
    public PointInTimeJoin(ServicePlan service, EventSource spine, int threads)
    {
        _service = service;
        // Threads of one entity type write to the same cache lines of the output, those of different types never do.
        _threads = Math.Max(1, threads / Math.Max(1, service.Entities.Length));
        _entities = [.. service.Entities.Select(read => new EntityJoin(service, read, spine))];
        _slots = [.. service.Reads.Select(_ => Array.Empty<double>())];
    }

    /// <summary>The entity types and the spine's fields that name them.</summary>
    public IReadOnlyList<EntityJoin> Entities => _entities;

    /// <summary>Computes a chunk's vectors, element by element: <paramref name="vector"/> has an array of at least as many rows for each.</summary>
    public void Process(SpineChunk chunk, double[][] vector)
    {
        var slots = SlotsFor(chunk.Count, vector);
        Parallel.For(0, _entities.Length, i => _entities[i].Group(chunk));
        Parallel.For(
            0,
            _entities.Length * _threads,
            i => _entities[i / _threads].Process(chunk, slots, i % _threads, _threads));
        for (var i = 0; i < vector.Length; i++)
        {
            if (_service.SlotOf(i) < 0)
            {
                Derive(chunk, slots, i, vector[i]);
            }
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

    private void Derive(SpineChunk chunk, double[][] slots, int element, double[] output)
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
