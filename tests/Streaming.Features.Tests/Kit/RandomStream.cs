using System.Collections.Immutable;

namespace Streaming.Features.Tests.Kit;

/// <summary>
/// Random events of one entity in the order they arrive: several partitions, late events, equal times, repeated and missing
/// values, and some as expressions make them, beyond the range of numbers. The same seed gives the same stream.
/// </summary>
internal sealed class RandomStream
{
    public const long Start = 1_700_000_000_000;

    private static readonly double[] s_fewAmounts = [-20, -0.1, 0, 0.1, 1, 19.99, 20, 1e6];
    private static readonly double[] s_beyondRange = [9007199254740994, 1e17, -1e17, 1e300];
    private static readonly string[] s_mccs = ["", "5411", "5812", "quite a long text, as texts go: ätsch", "7995", "4829"];

    private readonly Random _random;
    private readonly long _span;

    public RandomStream(int seed)
    {
        _random = new Random(seed);
        _span = Pick(Views.Hour, 3 * Views.Day, 40 * Views.Day, 150 * Views.Day);
        var count = _random.Next(3) switch { 0 => _random.Next(1, 8), 1 => _random.Next(8, 60), _ => _random.Next(60, 250) };
        Events = Create(count);
    }

    /// <summary>In the order of arrival; offsets ascend within each partition.</summary>
    public ImmutableArray<Transaction> Events { get; }

    /// <summary>The same log, its partitions interleaved anew.</summary>
    public static ImmutableArray<Transaction> Reinterleave(IReadOnlyList<Transaction> events, int seed)
    {
        var random = new Random(seed);
        var queues = events.GroupBy(e => e.Partition).Select(g => new Queue<Transaction>(g)).ToList();
        var result = ImmutableArray.CreateBuilder<Transaction>(events.Count);
        while (queues.Count > 0)
        {
            var queue = queues[random.Next(queues.Count)];
            for (var run = random.Next(1, 30); run > 0 && queue.Count > 0; run--)
            {
                result.Add(queue.Dequeue());
            }

            queues.RemoveAll(q => q.Count == 0);
        }

        return result.ToImmutable();
    }

    private ImmutableArray<Transaction> Create(int count)
    {
        var partitions = _random.Next(1, 5);
        var offsets = Enumerable.Range(0, partitions).Select(_ => (long)_random.Next(1000)).ToArray();
        var grid = Pick(1, 1, Views.Hour);
        var lateness = Pick(0, Views.Second, Views.Day, 40 * Views.Day);
        var few = _random.Next(3) == 0;

        // Most of a burst comes within an hour: it expires as one, and its room with it.
        var burst = _random.Next(3) == 0 ? count * 3 / 4 : 0;
        var events = ImmutableArray.CreateBuilder<Transaction>(count);
        for (var i = 0; i < count; i++)
        {
            var partition = _random.Next(partitions);
            offsets[partition] += _random.Next(1, 4);
            var even = i < burst ? Views.Hour * i / burst : _span * i / count;
            var time = Start + even - (_random.Next(4) == 0 ? (long)(_random.NextDouble() * lateness) : 0);
            events.Add(new(partition, offsets[partition], time / grid * grid, Amount(few), Number(), Flag(), Text(), Seen()));
        }

        return events.MoveToImmutable();
    }

    private double Amount(bool few) => _random.Next(10) == 0 ? double.NaN
        : _random.Next(20) == 0 ? BeyondRange()
        : few ? s_fewAmounts[_random.Next(s_fewAmounts.Length)]
        : Math.Round((_random.NextDouble() - 0.2) * 500, 2);

    private double Number() => _random.Next(6) == 0 ? double.NaN : _random.Next(20) == 0 ? BeyondRange() : _random.Next(-3, 6);

    private double BeyondRange() => s_beyondRange[_random.Next(s_beyondRange.Length)];

    private double Flag() => _random.Next(6) == 0 ? double.NaN : _random.Next(2);

    private string? Text() => _random.Next(6) == 0 ? null : s_mccs[_random.Next(s_mccs.Length)];

    private long? Seen() => _random.Next(6) == 0 ? null : Start + _random.Next(1000);

    private long Pick(params ReadOnlySpan<long> choices) => choices[_random.Next(choices.Length)];
}
