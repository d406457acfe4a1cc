using Streaming.Cli.Shell;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Commands;

/// <summary>Prints what a node that has started answers, and how to ask it.</summary>
internal static class RunAnnouncement
{
    /// <summary>Prints.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="url">The node's.</param>
    /// <param name="seed">The simulation that writes events; null if there is none.</param>
    public static void Print(Terminal terminal, string url, SeedOptions? seed)
    {
        // With simulated events, one of the simulated cards.
        var card = Math.Min(12_345, seed?.Cards - 1 ?? 12_345);
        terminal.Out.WriteLine(
            $$"""

            Streaming runs at {{url}}    (API: {{url}}/scalar, metrics: {{url}}/metrics; Ctrl-C stops)
            Try: curl -X POST {{url}}/score -H 'Content-Type: application/json' -d '{"card_id":"card_{{card}}","amount":250.0}'

            """);
    }
}
