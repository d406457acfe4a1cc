using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Events;
using Streaming.Engine.Replays;
using Streaming.Features.Plans;
using Streaming.Node.Parity;
using Streaming.Scoring;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming whatif</c>: past traffic under another model or other thresholds.</summary>
internal sealed class WhatIfCommand
{
    private const int PieceAnswers = 10_000;
    private readonly Option<string?> _model = CliOptions.Text(
        "--model", "MODEL", "Score the traffic with this model of schemas/models, whatever its feature service. (default: the champion)");

    private readonly Option<string?> _threshold = CliOptions.Text(
        "--threshold", "REVIEW,DECLINE", "Decide by these thresholds. (default: the model's)");

    private readonly Option<string?> _service = CliOptions.Text(
        "--service",
        "SERVICE",
        "Compute the features again, by this service of today and from the log. Without --model its first model scores.");

    private readonly Option<string?> _of = CliOptions.Text("--of", "MODEL", "The traffic: answers of this model. (default: the champion)");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly LoggedAnswers _answers;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private WhatIfCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _answers = new LoggedAnswers(terminal, "--from", "--to");
        foreach (var option in (ReadOnlySpan<Option>)[_model, _threshold, _service, .. _answers.Options, _of, _json])
        {
            command.Add(option);
        }

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("whatif", "Decide past traffic by another model or other thresholds, and show what changes.")
        {
            Notes =
            [
                "Reads the answers of a range of times from the topic scores, decides each again, and compares the decisions, with " +
                "money: the request's amount, and what the labels in the log say of the transaction today. A model of the same service " +
                "scores the logged features; for another one, or with --service, features are folded out of the log as of each answer.",
                "CAUGHT is fraud that is declined, BLOCKED WRONGLY is declined and no fraud, MISSED is fraud that is approved. An answer " +
                "has a label only where its request had an event_id that a label names.",
            ],
            Examples =
            [
                "streaming whatif --threshold 0.2,0.7",
                "streaming whatif --model fraud-next --from 2026-11-23T00:00:00Z --json",
            ],
        };
        var whatIf = new WhatIfCommand(terminal, command);
        command.SetAction(whatIf.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = _config.Load(parsed);
        DeadLettersCommand.RequireLog(settings);
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        var definition = Definition(parsed, settings, catalog);
        using var scorer = Scorer.Load(definition, catalog);
        if (scorer.Fault is { } fault)
        {
            throw new CliFailure(ExitCode.Usage, $"whatif: {fault}");
        }

        var (of, range) = (OfOne(parsed, settings, catalog, definition), _answers.Range(parsed));
        await using var connection = settings.Connect(_terminal.Note);
        var answers = await LoggedAnswers.ReadAsync(connection, range, score => score.Model == of, cancellation);
        if (answers.Count == 0)
        {
            throw new CliFailure(ExitCode.Usage, $"whatif: no answer of the model {of} is logged between --from and --to");
        }

        var labels = await LoggedLabels.ReadAsync(connection, cancellation);
        var services = new ReplayServices(connection.Log, connection.Registry, catalog, settings.Engine, _terminal.Time);
        var scores = parsed.GetValue(_service) is null && answers.TrueForAll(answer => answer.Service == definition.Service)
            ? ScoresOf(scorer, answers)
            : await DeriveAsync(new ScoreRederivation(services, scorer), answers, cancellation);
        var tally = new WhatIfTally();
        foreach (var (answer, score) in answers.Zip(scores))
        {
            tally.Add(answer, score is { } value ? definition.Thresholds.Decide(value) : null, labels);
        }

        WhatIfReport.Print(_terminal, parsed.GetValue(_json), of, scorer.ModelId, definition.Thresholds, tally);
        return (int)ExitCode.Ok;
    }

    private ModelDefinition Definition(ParseResult parsed, CliSettings settings, FeatureCatalog catalog)
    {
        var (models, service) = (settings.Node.ModelsDirectory, parsed.GetValue(_service));
        var definition = service is null || parsed.GetValue(_model) is not null
            ? Definitions.Model(models, catalog, parsed.GetValue(_model))
            : Definitions.Models(models, catalog).FirstOrDefault(model => model.Service == service)
                ?? throw new CliFailure(ExitCode.Usage, $"--service is '{service}', and no model in {models} reads it");
        if (service is not null && definition.Service != service)
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"--service is '{service}', and the model {definition.Name} reads {definition.Service}: leave --service out, or name a " +
                "model of it");
        }

        definition = ChampionFile.Resolve(definition, Definitions.RegistryOf(settings.Node, _terminal.Time));
        return parsed.GetValue(_threshold) is { } text ? definition with { Thresholds = ThresholdsOf(text) } : definition;
    }

    private string OfOne(ParseResult parsed, CliSettings settings, FeatureCatalog catalog, ModelDefinition definition)
    {
        var answered = Definitions.Model(settings.Node.ModelsDirectory, catalog, parsed.GetValue(_of));
        var (asked, scores) = (SourceOf(answered), SourceOf(definition));
        return asked == scores ? answered.Name : throw new CliFailure(
            ExitCode.Usage, $"whatif: the answers of {answered.Name} are about {asked}, and the model {definition.Name} scores {scores}");

        string SourceOf(ModelDefinition model) => catalog.FindService(model.Service)!.Request?.Name ?? model.Service;
    }

    private static Thresholds ThresholdsOf(string text)
    {
        var parts = text.Split(',');
        var numbers = Array.ConvertAll(parts, static part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
        return numbers is [>= 0 and <= 1 and var review, >= 0 and <= 1 and var decline] && review <= decline
            ? new Thresholds(review, decline)
            : throw new CliFailure(
                ExitCode.Usage, $"--threshold is '{text}', expected two numbers from 0 to 1, the smaller one first, such as 0.3,0.8");
    }

    private static double?[] ScoresOf(Scorer scorer, List<Score> answers)
    {
        var vector = new float[scorer.Service.FeatureNames.Length];
        return
        [
            .. answers.Select(answer =>
            {
                if (answer.Features.Length != vector.Length)
                {
                    return (double?)null;
                }

                for (var i = 0; i < vector.Length; i++)
                {
                    vector[i] = (float)answer.Features[i];
                }

                return scorer.TryScoreVector(vector, out var score) ? score : null;
            }),
        ];
    }

    private Task<double?[]> DeriveAsync(ScoreRederivation rederivation, List<Score> answers, CancellationToken cancellation) =>
        ProgressLine.ShowAsync(_terminal, "derive", "answers", answers.Count, async progress =>
        {
            var scores = new List<double?>();
            foreach (var piece in answers.Chunk(PieceAnswers))
            {
                scores.AddRange((await rederivation.RunAsync(piece, cancellation)).Select(static derived => derived.Score));
                progress.Report(scores.Count);
            }

            return scores.ToArray();
        });
}
