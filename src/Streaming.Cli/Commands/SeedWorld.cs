using System.CommandLine;
using Streaming.Cli.Shell;
using Streaming.Simulation.Generators;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Commands;

/// <summary>The options of <c>streaming seed</c> and <c>streaming run</c> that say what world is simulated.</summary>
/// <param name="prefix">What its options begin with.</param>
internal sealed class SeedWorld(string prefix)
{
    private static readonly SeedOptions s_standard = new();
    private readonly Option<int> _cards = CliOptions.Integer(
        prefix + "cards", "N", "Cards, card_0 to card_N-1, and their users.", s_standard.Cards, 1, 1_000_000);
    private readonly Option<int> _terminals = CliOptions.Integer(
        prefix + "terminals", "N", "Terminals.", s_standard.Terminals, 1, 1_000_000);
    private readonly Option<double?> _rate = CliOptions.Number(
        prefix + "rate", "N", "Live transactions a second; 0 writes the history only.", s_standard.Rate);
    private readonly Option<TimeSpan?> _history = CliOptions.Duration(
        prefix + "history", "TIME", "How much history to write first; 0 for none.", s_standard.History);
    private readonly Option<ulong> _seed = CliOptions.Seed(
        prefix == "--"
            ? "--seed"
            : prefix + "world", "N", "The seed of the random numbers; the same number gives the same events.", s_standard.Seed);


    private readonly Option<string?> _drift = new(prefix + "drift")
    {
        HelpName = "KIND",
        Description = "Change the world towards the end, for drift detection to find: amounts (80 % higher) or activity (three times " +
            "as many payments).",
    };

    private readonly Option<int> _driftDays = CliOptions.Integer(
        prefix + "drift-days", "N", "Days before now that have changed; live events have, too.", s_standard.DriftDays, 0, 36_500);

    private IEnumerable<Option> All => [_cards, _terminals, _rate, _history, _seed, _drift, _driftDays];

    public void AddTo(Command command)
    {
        foreach (var option in All)
        {
            command.Add(option);
        }
    }

    /// <summary>The name of the first of them that is on the command line; null when there is none.</summary>
    public string? FirstGiven(ParseResult parsed) =>
        All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    public SeedOptions Read(ParseResult parsed) => s_standard with
    {
        Cards = parsed.GetValue(_cards),
        Terminals = parsed.GetValue(_terminals),
        Rate = parsed.GetValue(_rate)!.Value,
        History = parsed.GetValue(_history)!.Value,
        Seed = parsed.GetValue(_seed),
        Drift = DriftOf(parsed),
        DriftDays = parsed.GetValue(_driftDays),
    };

    private SimulatedDrift DriftOf(ParseResult parsed) => parsed.GetValue(_drift) switch
    {
        null => SimulatedDrift.None,
        "amounts" => SimulatedDrift.Amounts,
        "activity" => SimulatedDrift.Activity,
        var other => throw new CliFailure(ExitCode.Usage, $"{_drift.Name} is '{other}', expected amounts or activity"),
    };
}
