using System.CommandLine;
using System.Text.Json;
using Streaming.Cli.Clients;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming features get</c>: what a node knows of an entity.</summary>
internal static class FeaturesGetCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("get", "Ask a running node for all features of one entity.")
        {
            Notes = ["Without --at the features are as of the newest event that the node has read."],
            Examples =
            [
                "streaming features get card card_12345",
                "streaming features get terminal terminal_7 --at 2026-03-01T12:00:00Z --json",
            ],
        };
        var entity = new Argument<string>("ENTITY") { Description = "card, user, terminal: an entity type of the definitions." };
        var key = new Argument<string>("KEY") { Description = "The entity's key." };
        var at = CliOptions.Text("--at", "TIME", "The event time to read at: ISO 8601 with an offset, or milliseconds since 1970.");
        var node = NodeClient.NodeOption(terminal);
        var json = CliOptions.Json();
        command.Add(entity);
        command.Add(key);
        command.Add(at);
        command.Add(node);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new NodeClient(parsed.GetValue(node)!);
            var query = parsed.GetValue(at) is { } time ? $"?at={Uri.EscapeDataString(time)}" : "";
            using var answer = await client.GetAsync(
                $"features/{Uri.EscapeDataString(parsed.GetValue(entity)!)}/{Uri.EscapeDataString(parsed.GetValue(key)!)}{query}",
                cancellation);
            Print(terminal, answer.RootElement, parsed.GetValue(json));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static void Print(Terminal terminal, JsonElement answer, bool json)
    {
        if (json)
        {
            Report.Json(terminal, answer);
            return;
        }

        Report.Table(
            terminal,
            ["feature", "value", "status", "event time"],
            answer.GetProperty("features").EnumerateObject().Select(feature => (IReadOnlyList<string>)
            [
                feature.Name, Cell(feature.Value, "value"), Cell(feature.Value, "status"), Cell(feature.Value, "event_time"),
            ]));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            $"{Cell(answer, "entity")} {Cell(answer, "key")} at {Cell(answer, "at")}, as of " +
            $"{Cell(answer, "as_of")}{(answer.GetProperty("features_stale").GetBoolean() ? " (catching up)" : "")}");
    }

    private static string Cell(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "-";
}
