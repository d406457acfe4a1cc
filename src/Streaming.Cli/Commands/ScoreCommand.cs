using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Cli.Clients;
using Streaming.Cli.Shell;
using Streaming.Features.Events;
using Streaming.Hocon;
using Streaming.Ingest;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming score</c>.</summary>
internal sealed class ScoreCommand
{
    private readonly Option<string?> _card = CliOptions.Text("--card-id", "ID", "The card.").Required();
    private readonly Option<double?> _amount = CliOptions.Number("--amount", "N", "The amount.", null).Required();
    private readonly Option<string?> _terminalId = CliOptions.Text("--terminal-id", "ID", "The terminal, where it is known.");
    private readonly Option<string?> _user = CliOptions.Text("--user-id", "ID", "The user, where it is known.");
    private readonly Option<string?> _at = CliOptions.Text(
        "--ts", "TIME", "The transaction's time; by default the newest event time that the node has read.");
    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "FIELD=VALUE...",
        Description = "Other fields of the transaction, such as currency=USD mcc=5411.",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _node;
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly Terminal _terminal;

    private ScoreCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _node = NodeClient.NodeOption(terminal);
        foreach (var option in (ReadOnlySpan<Option>)[_card, _amount, _terminalId, _user, _at, _set, _node, _json])
        {
            command.Add(option);
        }
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("score", "Score one transaction on a running node.")
        {
            Examples =
            [
                "streaming score --card-id card_12345 --amount 250",
                "streaming score --card-id card_1 --amount 99.5 --terminal-id terminal_7 --set channel=online country=BE --json",
            ],
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
            request["ts"] = Time(at);
        }

        foreach (var text in parsed.GetValue(_set)!)
        {
            Add(request, text);
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

    // The node checks the value; here it only gets the type of its field.
    private static void Add(JsonObject request, string text)
    {
        var fields = TopicContract.Transactions.Source.Fields;
        var parts = text.Split('=', 2);
        var field = fields.FirstOrDefault(field => field.Name == parts[0]) ?? throw new CliFailure(
            ExitCode.Usage,
            $"--set '{text}': a transaction has no field " +
            $"'{parts[0]}'{NearestName.Phrase(parts[0], fields.Select(f => f.Name), "; it has ", '\'')}");
        if (parts.Length < 2 || request.ContainsKey(field.Name))
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"--set '{text}': {(parts.Length < 2 ? "expected FIELD=VALUE" : $"{field.Name} is given twice; give it once")}");
        }

        request[field.Name] = field.Type switch
        {
            FieldType.Number when double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) =>
                number,
            FieldType.Flag when bool.TryParse(parts[1], out var flag) => flag,
            FieldType.Time => Time(parts[1]),
            _ => parts[1],
        };
    }

    private static JsonNode Time(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var millis) ? millis : text;

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "-" : string.Join(", ", value.EnumerateArray()),
        JsonValueKind.Null => "-",
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => value.ToString(),
    };
}
