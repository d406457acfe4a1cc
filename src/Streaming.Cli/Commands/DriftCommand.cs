using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Drift;
using Streaming.Offline.Files;
using Streaming.Offline.Parquet;
using Streaming.Scoring;
using Streaming.Scoring.Drift;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming drift</c>.</summary>
internal sealed class DriftCommand
{
    private readonly Argument<string?> _model = new("MODEL")
    {
        Description = "The model's name in schemas/models. (default: the champion)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _since = CliOptions.Text("--since", "TIME", "Answers from this time on. (default: a day ago)");
    private readonly Option<string?> _until = CliOptions.Text("--until", "TIME", "Answers before this time. (default: now)");
    private readonly Option<string?> _input = CliOptions.Text(
        "--input", "FILE", "Compare this table of features (Parquet, .csv or .tsv, as backfill writes it) instead of logged answers.");

    private readonly Option<string?> _html = CliOptions.Text("--html", "FILE", "Write the report as a page, too.");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private DriftCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_model);
        foreach (var option in (ReadOnlySpan<Option>)[_since, _until, _input, _html, _json])
        {
            command.Add(option);
        }

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("drift", "Compare features and scores with what a model learnt from.")
        {
            Notes =
            [
                "Reads the model's answers from the topic scores, or a table, and compares each feature and the score with the baseline " +
                "in the model's file. The exit code is 4 if anything has moved much (PSI above 0.25 and above the bound), so that a job " +
                "can act on it.",
                DriftComparison.Definition,
            ],
            Examples =
            [
                "streaming drift",
                "streaming drift fraud --since 2026-11-29T00:00:00Z --html drift.html",
                "streaming drift fraud --input features.parquet --json",
            ],
        };
        var drift = new DriftCommand(terminal, command);
        command.SetAction(drift.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = _config.Load(parsed);
        using var scorer = ScorerOf(parsed, settings);
        var (now, html) = (_terminal.Time.GetUtcNow(), parsed.GetValue(_html));
        var since = Times.Read(parsed, _since) ?? now.AddDays(-1).ToUnixTimeMilliseconds();
        var until = Times.Read(parsed, _until) ?? now.ToUnixTimeMilliseconds();
        var input = parsed.GetValue(_input);
        CheckOptions(parsed, since, until);
        var counts = new DriftCounts(scorer.Baseline);
        if (input is not null)
        {
            AddTable(counts, input);
        }
        else
        {
            await AddAnswersAsync(counts, scorer, settings, since, until, cancellation);
        }

        var findings = counts.Compare();
        if (html is not null)
        {
            await File.WriteAllTextAsync(html, DriftPage.Of(scorer.ModelId, findings), cancellation);
        }

        DriftReport.Print(_terminal, parsed.GetValue(_json), scorer.ModelId, findings);
        return (int)(findings.Any(finding => finding.Level == DriftLevel.Significant) ? ExitCode.Different : ExitCode.Ok);
    }

    private void CheckOptions(ParseResult parsed, long since, long until)
    {
        if (since >= until)
        {
            throw new CliFailure(ExitCode.Usage, "--since is not before --until: there is nothing between them");
        }

        if (parsed.GetValue(_input) is not null && (parsed.GetValue(_since) ?? parsed.GetValue(_until)) is not null)
        {
            throw new CliFailure(ExitCode.Usage, "--since and --until are for logged answers: leave them out with --input");
        }

        string[] inputs = parsed.GetValue(_input) is { } input ? [input] : [];
        if (parsed.GetValue(_html) is { } html && OutputFile.Fault(html, inputs) is { } fault)
        {
            throw new CliFailure(ExitCode.Usage, $"--html {fault}");
        }
    }

    private Scorer ScorerOf(ParseResult parsed, CliSettings settings)
    {
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        var definition = Definitions.Served(settings.Node, catalog, parsed.GetValue(_model), _terminal.Time);
        var scorer = Scorer.Load(definition, catalog);
        return scorer.Baseline.IsEmpty
            ? throw new CliFailure(
                ExitCode.Usage,
                scorer.Fault ?? $"{definition.File}: it does not say how its features were distributed in training; 'streaming train' does")
            : scorer;
    }

    private static void AddTable(DriftCounts counts, string file)
    {
        try
        {
            counts.Add(file);
        }
        catch (Exception error) when (error is TableFormatException or TableDamagedException or IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Usage, error.Message, error);
        }
    }

    private async Task AddAnswersAsync(
        DriftCounts counts, Scorer scorer, CliSettings settings, long since, long until, CancellationToken cancellation)
    {
        DeadLettersCommand.RequireLog(settings);
        await using var connection = settings.Connect(_terminal.Note);
        var (others, version) = (0L, scorer.ModelId[(scorer.ModelId.LastIndexOf('@') + 1)..]);
        await foreach (var score in new ScoreReader(connection.Log, connection.Registry).ReadAsync(since, until, cancellation))
        {
            if (score.Model == scorer.Definition.Name && score.ModelVersion == version && !score.Fallback && !score.Shadow)
            {
                counts.Add(score.Features.AsSpan(), score.Value);
            }
            else
            {
                others++;
            }
        }

        if (others > 0)
        {
            _terminal.Note($"{Counted.Of(others, "answer")} of other models or versions, or of the fallback, left out");
        }
    }
}
