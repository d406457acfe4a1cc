using System.Diagnostics;
using System.Text.Json;
using Streaming.Chaos.Faults;
using Streaming.Chaos.Folds;
using Streaming.Chaos.Loads;
using Streaming.Chaos.Processes;
using Streaming.Log;

namespace Streaming.Chaos;

/// <summary>One seed: load and faults, then peace, then the comparison; then a last kill -9 and the comparison again.</summary>
internal sealed class SeedRun
{
    private const int StaleMax = 5;
    private const int ParityFaultsMax = 10;
    private static readonly TimeSpan s_parityMax = TimeSpan.FromSeconds(10);
    private const int FaultsMin = 1;
    private const int FaultsMax = 3;
    private const long LateMillis = 60L * 86_400_000;
    private readonly ChaosOptions _options;
    private readonly Random _random;
    private readonly SeedOutcome _outcome;

    public SeedRun(ChaosOptions options, int seed)
    {
        (_options, _random) = (options, Seeds.Of(seed, "faults"));

        // Both are drawn also where they are given, so that the rest of the seed stays the same.
        var (redis, kafka) = (_random.Next(2) == 0, _random.Next(4) == 0);
        var store = options.Store ?? (redis && RedisServer.Missing is null ? "redis" : "garnet");
        var log = options.Log ?? (kafka && Broker.Missing is null ? "kafka" : "embedded");
        _outcome = new SeedOutcome(seed, store, log);
    }

    /// <summary>Runs it.</summary>
    public async Task<SeedOutcome> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await using var world = await World.StartAsync(_outcome.Store, _outcome.Log, _random, Say);
            await RunAsync(world);
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException or EventLogException or HttpRequestException or TaskCanceledException)
        {
            _outcome.Failures.Add(failure.ToString());
        }

        _outcome.Took = clock.Elapsed;
        return _outcome;
    }

    private async Task RunAsync(World world)
    {
        Ledger ledger;
        await using (var load = new Load(world, _outcome.Seed, TimeProvider.System))
        {
            await InjectAsync(world);
            ledger = load.Ledger;
            await load.StopAsync();
        }

        Say("peace");
        var fold = await CompareAsync(world, ledger, "after the faults");
        await world.KillNodeAsync();
        await world.StartNodeAsync();
        await CompareAsync(world, ledger, "after the last kill -9");
        Record(world, ledger, fold);
    }

    private async Task InjectAsync(World world)
    {
        var possible = new List<Fault>();
        foreach (var fault in FaultCatalog.All)
        {
            if (fault.Skip(world) is { } reason)
            {
                _outcome.Skipped[fault.Name] = reason;
            }
            else if (_options.Faults.Count == 0 || _options.Faults.Contains(fault.Name))
            {
                possible.Add(fault);
            }
        }

        await Pause.ForAsync(_random, 300, 1_200);
        for (var left = possible.Count == 0 ? 0 : _random.Next(FaultsMin, FaultsMax + 1); left > 0; left--)
        {
            var fault = possible[_random.Next(possible.Count)];
            await InjectAsync(world, fault, _random.Next(2) == 0 ? fault.Beside(possible) : null);
            await world.SuperviseAsync();
            await Pause.ForAsync(_random, 200, 1_200);
        }
    }

    private async Task InjectAsync(World world, Fault fault, Fault? other)
    {
        Say(other is null ? fault.Name : $"{fault.Name} with {other.Name}");
        _outcome.Faults.Add(fault.Name);
        var first = fault.InjectAsync(world, _random);
        if (other is not null)
        {
            _outcome.Faults.Add(other.Name);
            await other.InjectAsync(world, Seeds.Of(_outcome.Seed, other.Name));
        }

        await first;
    }

    private async Task<Fold> CompareAsync(World world, Ledger ledger, string when)
    {
        var fold = await CaughtUpAsync(world);
        var comparison = new Comparison(fold, when);
        await comparison.RunAsync(world.Node!);
        for (var left = StaleMax; comparison.IsStale; left--)
        {
            // A node may find only now that its store was rolled back: it says so, and is started anew.
            Say($"{when}: an answer is stale");
            fold = await CaughtUpAsync(world);
            comparison = new Comparison(fold, left > 0 ? when : throw new TimeoutException($"{when}: answers are stale again and again"));
            await comparison.RunAsync(world.Node!);
        }

        comparison.CompareLog(ledger.Acknowledged);
        _outcome.Failures.AddRange(comparison.Failures);
        _outcome.Mismatches += comparison.Mismatches;
        _outcome.Lost += comparison.Lost;
        _outcome.Doubled += comparison.Doubled;
        _outcome.Entities += comparison.Entities;
        _outcome.Compared += await ComparedAsync(world.Node!, comparison.Entities);
        Say(FormattableString.Invariant($"{when}: {comparison.Entities} entities, {comparison.Mismatches} mismatches"));
        return fold;
    }

    // The reads of the comparison are answers, too: the node compares them with the log, or says why not.
    private static async Task<long> ComparedAsync(NodeProcess node, int answers)
    {
        var (clock, compared) = (Stopwatch.StartNew(), 0L);
        while (clock.Elapsed < s_parityMax)
        {
            compared = await node.CountAsync("streaming_parity_compared_total ");
            if (compared + await node.CountAsync("streaming_parity_skipped_total") >= answers)
            {
                break;
            }

            await Task.Delay(100);
        }

        return compared;
    }

    private static async Task<Fold> CaughtUpAsync(World world)
    {
        await world.WaitAsync("a node that has caught up", () => IsCaughtUpAsync(world));
        return await Fold.OfAsync(world);
    }

    private static async Task<bool> IsCaughtUpAsync(World world)
    {
        if (world.Node is not { } node || !await node.IsReadyAsync() || await node.StatusAsync() is not { } status)
        {
            return false;
        }

        using (status)
        {
            if (!status.RootElement.GetProperty("caught_up").GetBoolean())
            {
                return false;
            }

            foreach (var partition in status.RootElement.GetProperty("partitions").EnumerateArray())
            {
                var end = await world.Log.EndOffsetAsync(PlaceOf(partition), CancellationToken.None);
                if (partition.GetProperty("next_offset").GetInt64() < end || partition.GetProperty("state").GetString() != "live")
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static TopicPartition PlaceOf(JsonElement partition) =>
        new(partition.GetProperty("topic").GetString()!, partition.GetProperty("partition").GetInt32());

    private void Record(World world, Ledger ledger, Fold fold)
    {
        _outcome.Failures.AddRange(ledger.Violations);
        _outcome.Failures.AddRange(world.ParityFaults.Take(ParityFaultsMax));
        _outcome.ParityFaults = world.ParityFaults.Count;
        _outcome.Records = fold.Topics.Sum(topic => topic.Value.Count);
        _outcome.SentTwice = ledger.CountOf("sent twice");
        _outcome.NotCounted = Topics.Of.Sum(fold.NotCountedOf);
        _outcome.Late = fold.CountOlderThan(fold.AtMillis - LateMillis);
        var different = fold.DeadLetters.Distinct().Count();
        _outcome.DeadLetters = (different, fold.DeadLetters.Count - different);
        (_outcome.Starts, _outcome.Ends) = (world.Starts, world.Ends.Count);
        _outcome.Answers = (
            ledger.CountOf("reads fresh") + ledger.CountOf("scores fresh"),
            ledger.CountOf("reads stale") + ledger.CountOf("scores stale"),
            ledger.CountOf("reads refused") + ledger.CountOf("scores refused"));
    }

    private void Say(string text)
    {
        if (_options.IsVerbose)
        {
            Console.WriteLine(FormattableString.Invariant($"  {TimeProvider.System.GetLocalNow():HH:mm:ss.fff} {text}"));
        }
    }
}
