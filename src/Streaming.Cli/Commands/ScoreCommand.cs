using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Cli.Clients;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming score</c>.</summary>
internal sealed class ScoreCommand
{
    private readonly Option<string?> _card = CliOptions.Text("--card-id", "ID", "The card.").Required();
    private readonly Option<double?> _amount = CliOptions.Number("--amount", "N", "The amount.", null).Required();
    private readonly Option<string?> _terminalId = CliOptions.Text("--terminal-id", "ID", "The terminal, where it is known.");
    private readonly Option<string?> _user = CliOptions.Text("--user-id", "ID", "The user, where it is known.");
    private readonly Option<string?> _at = CliOptions.Text("--ts", "TIME", "The transaction's time; the newest event time that the node has read when left out.");
    private readonly Option<string?> _node;
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly Terminal _terminal;

    private ScoreCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _node = NodeClient.NodeOption(terminal);
        foreach (var option in (ReadOnlySpan<Option>)[_card, _amount, _terminalId, _user, _at, _node, _json])
        {
            command.Add(option);
        }
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("score", "Score one transaction by a running node.")
        {
            Examples = ["streaming score --card-id card_12345 --amount 250", "streaming score --card-id card_1 --amount 99.5 --terminal-id terminal_7 --json"],
        };
        var score = new ScoreCommand(terminal, command);
        command.SetAction(score.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var client = new NodeClient(parsed.GetValue(_node)!);
        using var answer = await client.PostAsync("score", Request(parsed).ToJsonString(), cancellation);
        if (parsed.GetValue(_json))
        {
            Report.Json(_terminal, answer.RootElement);
        }
        else
        {
            Report.Pairs(_terminal, [.. answer.RootElement.EnumerateObject().Select(member => (member.Name, Show(member.Value)))]);
        }

        return (int)ExitCode.Ok;
    }

    private JsonObject Request(ParseResult parsed)
    {
        var request = new JsonObject { ["card_id"] = parsed.GetValue(_card), ["amount"] = parsed.GetValue(_amount) };
        AddText("terminal_id", parsed.GetValue(_terminalId));
        AddText("user_id", parsed.GetValue(_user));
        if (parsed.GetValue(_at) is { } at)
        {
            request["ts"] = long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var millis) ? millis : at;
        }

        return request;

        void AddText(string name, string? value)
        {
            if (value is not null)
            {
                request[name] = value;
            }
        }
    }

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "-" : string.Join(", ", value.EnumerateArray()),
        JsonValueKind.Null => "-",
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => value.ToString(),
    };
}
