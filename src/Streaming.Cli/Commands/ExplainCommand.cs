using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Events;
using Streaming.Engine.Replays;
using Streaming.Node.Parity;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming explain</c>: past answers, derived again.</summary>
internal sealed class ExplainCommand
{
    private const int PieceAnswers = 10_000;
    private readonly Argument<string?> _id = new("SCORE_ID")
    {
        Description = "The id of a logged answer. (default: all of the range)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _model = CliOptions.Text("--model", "MODEL", "Answers of this model. (default: the champion)");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly LoggedAnswers _answers;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private ExplainCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _answers = new LoggedAnswers(terminal, "--since", "--until");
        command.Add(_id);
        foreach (var option in (ReadOnlySpan<Option>)[.. _answers.Options, _model, _json])
        {
            command.Add(option);
        }

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("explain", "Derive a past answer again from the log, and show that it is the same.")
        {
            Notes =
            [
                "An answer in the topic scores says which events each of its entities had applied. They are folded out of the log, the " +
                "features are read at the answer's time, and the model scores them. Features, score and decision must be the same bit " +
                "for bit; otherwise the exit code is 4. Definitions and thresholds are those of today. The model is the version that " +
                "answered: the file of the definition, or a version in the registry's folder. Where it is in neither, features alone " +
                "are compared.",
                "With an id and without a range the whole topic is searched. Without an id all answers of the range are derived again.",
            ],
            Examples =
            [
                "streaming explain 8f14e45f-ceea-467f-a8b2/fraud@90f1c7bf",
                "streaming explain --since 2026-11-30T08:00:00Z --json",
            ],
        };
        var explain = new ExplainCommand(terminal, command);
        command.SetAction(explain.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = _config.Load(parsed);
        DeadLettersCommand.RequireLog(settings);
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        var definition = Definitions.Model(settings.Node.ModelsDirectory, catalog, parsed.GetValue(_model));
        var id = parsed.GetValue(_id);
        var range = id is not null && !_answers.IsGiven(parsed) ? (0, long.MaxValue) : _answers.Range(parsed);
        await using var connection = settings.Connect(_terminal.Note);
        var answers = await LoggedAnswers.ReadAsync(
            connection, range, score => id is null ? score.Model == definition.Name : score.ScoreId == id, cancellation);
        if (answers.Count == 0)
        {
            throw new CliFailure(ExitCode.Usage, id is null
                ? $"explain: no answer of the model {definition.Name} is logged between --since and --until"
                : $"explain: no answer with the id {id} is logged" + (_answers.IsGiven(parsed) ? " between --since and --until" : ""));
        }

        var services = new ReplayServices(connection.Log, connection.Registry, catalog, settings.Engine, _terminal.Time);
        using var versions = new AnsweringVersions(settings.Node, catalog, _terminal.Time);
        var derived = await DeriveAsync(services, versions, answers, cancellation);
        var report = new ExplainReport(_terminal, versions, parsed.GetValue(_json));
        if (id is null)
        {
            report.PrintAll(derived);
        }
        else
        {
            derived.ForEach(report.PrintOne);
        }

        return (int)(derived.TrueForAll(static each => each.Differences.IsEmpty) ? ExitCode.Ok : ExitCode.Different);
    }

    private Task<List<RederivedScore>> DeriveAsync(
        ReplayServices services, AnsweringVersions versions, List<Score> answers, CancellationToken cancellation) =>
        ProgressLine.ShowAsync(_terminal, "derive", "answers", answers.Count, async progress =>
        {
            var derived = new List<RederivedScore>();
            foreach (var version in answers.GroupBy(versions.Of))
            {
                var rederivation = new ScoreRederivation(services, version.Key);
                foreach (var piece in version.Chunk(PieceAnswers))
                {
                    derived.AddRange(await rederivation.RunAsync(piece, cancellation));
                    progress.Report(derived.Count);
                }
            }

            return derived;
        });
}
