using System.Globalization;
using Streaming.Chaos.Faults;
using Streaming.Chaos.Processes;

namespace Streaming.Chaos;

/// <summary>What a run is told, as NAME=VALUE; make passes SEEDS, SEED, STORE, LOG and FAULTS on.</summary>
/// <param name="Seeds">The seeds, one after the other.</param>
/// <param name="Store">garnet or redis; null to draw one for each seed.</param>
/// <param name="Log">embedded or kafka; null to draw one for each seed.</param>
/// <param name="Faults">The only faults that may be drawn; empty for all.</param>
/// <param name="IsVerbose">Whether each step is told.</param>
internal sealed record ChaosOptions(IReadOnlyList<int> Seeds, string? Store, string? Log, IReadOnlyList<string> Faults, bool IsVerbose)
{
    private const string Usage = "seeds=N (how many), seed=N (the first, or a list 3,14,15), store=garnet|redis, log=embedded|kafka, faults=NAME,NAME, verbose=1";

    /// <summary>Reads them; a mistake is an <see cref="ArgumentException"/> that says what is right.</summary>
    public static ChaosOptions Parse(IEnumerable<string> arguments)
    {
        var given = new Dictionary<string, string>();
        foreach (var argument in arguments)
        {
            var at = argument.IndexOf('=', StringComparison.Ordinal);
            var name = at > 0 ? argument[..at] : argument;
            if (name is not ("seeds" or "seed" or "store" or "log" or "faults" or "verbose") || at < 0)
            {
                throw new ArgumentException($"there is no option '{argument}'; options are {Usage}");
            }

            given[name] = argument[(at + 1)..];
        }

        // What make passes on although nobody set it is empty.
        string? Of(string name) => given.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;
        return new ChaosOptions(
            SeedsOf(Of("seed"), Of("seeds")),
            OneOf("store", Of("store"), "garnet", "redis"),
            OneOf("log", Of("log"), "embedded", "kafka"),
            FaultsOf(Of("faults")),
            Of("verbose") == "1");
    }

    /// <summary>Why something that was asked for cannot be had here; null where it can.</summary>
    public string? Impossible() =>
        Store == "redis" && RedisServer.Missing is { } noRedis ? $"store=redis: {noRedis} (Debian: apt-get install redis-server)"
        : Log == "kafka" && Broker.Missing is { } noBroker ? $"log=kafka: {noBroker}"
        : null;

    private static List<int> SeedsOf(string? seed, string? seeds)
    {
        if (seed?.Contains(',', StringComparison.Ordinal) == true)
        {
            return [.. seed.Split(',').Select(each => Number("seed", each))];
        }

        var first = seed is null ? Environment.TickCount & 0xFFFFFF : Number("seed", seed);
        return [.. Enumerable.Range(first, seeds is null ? seed is null ? 5 : 1 : Number("seeds", seeds))];
    }

    private static int Number(string name, string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0
        ? number
        : throw new ArgumentException($"{name}={text} is not a whole number; options are {Usage}");

    private static string? OneOf(string name, string? text, params string[] values) => text is null || values.Contains(text)
        ? text
        : throw new ArgumentException($"{name}={text}: it is one of {string.Join(", ", values)}");

    private static string[] FaultsOf(string? text)
    {
        var names = text?.Split(',') ?? [];
        return names.FirstOrDefault(name => FaultCatalog.All.All(fault => fault.Name != name)) is { } unknown
            ? throw new ArgumentException($"there is no fault '{unknown}'; faults are {string.Join(", ", FaultCatalog.All.Select(fault => fault.Name))}")
            : names;
    }
}
