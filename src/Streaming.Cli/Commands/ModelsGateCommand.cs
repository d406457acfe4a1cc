using System.CommandLine;
using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Events;
using Streaming.Offline.Drift;
using Streaming.Offline.Promotion;
using Streaming.Scoring;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models gate</c>: whether a challenger may take its champion's place.</summary>
internal sealed class ModelsGateCommand
{
    private readonly Argument<string> _challenger = new("CHALLENGER")
    {
        Description = "A model of schemas/models with challenger-of and a sample.",
    };

    private readonly Option<double?> _margin = CliOptions.Number(
        "--margin", "NUMBER", "How much lower its average precision may be.", new PromotionOptions().Margin);

    private readonly LoggedAnswers _answers;
    private readonly ModelsCommand _shared;

    private ModelsGateCommand(Terminal terminal, Command command)
    {
        _answers = new LoggedAnswers(terminal, "--from", "--to");
        command.Add(_challenger);
        foreach (var option in (ReadOnlySpan<Option>)[_margin, .. _answers.Options])
        {
            command.Add(option);
        }

        _shared = new ModelsCommand(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("gate", "Say whether a challenger may take its champion's place.")
        {
            Notes =
            [
                "Three checks: on labelled requests that both scored, its average precision is not worse than the champion's by more " +
                "than the margin, at 95 % confidence (paired bootstrap); what it was asked has not drifted from its training; and the " +
                "registry has its file with the result of the admission gate. The exit code is 4 where one does not pass.",
                "Requests have a label only where they had an event_id that a label names.",
            ],
            Examples = ["streaming models gate fraud_next", "streaming models gate fraud_next --from 2026-11-23T00:00:00Z --margin 0.005"],
        };
        command.SetAction(new ModelsGateCommand(terminal, command).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = _shared.Settings(parsed);
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        var definition = Definitions.Served(settings.Node, catalog, parsed.GetValue(_challenger), _shared.Terminal.Time);
        var champion = definition.Challenge?.Of ?? throw new CliFailure(
            ExitCode.Usage, $"{definition.Name} challenges no model; write challenger-of and sample in its definition");
        using var scorer = Scorer.Load(definition, catalog);
        if (scorer.Fault is { } fault)
        {
            throw new CliFailure(ExitCode.Usage, $"models gate: {fault}");
        }

        await using var connection = settings.Connect(_shared.Terminal.Note);
        var answers = await LoggedAnswers.ReadAsync(
            connection, _answers.Range(parsed), score => !score.Fallback && IsOf(score, champion, scorer), cancellation);
        var rows = PromotionRows.Of(answers, await LoggedLabels.ReadAsync(connection, cancellation));
        var result = PromotionGate.Compare(rows, new(Margin: parsed.GetValue(_margin) ?? new PromotionOptions().Margin));
        using var registry = _shared.Open(parsed);
        (string Check, string? Fault)[] checks =
        [
            ("labelled traffic", result.Fault),
            ("drift", DriftFaultOf(scorer, answers)),
            ("admission gate", await AdmissionFaultAsync(registry, scorer, cancellation)),
        ];
        Print(parsed, scorer, champion, result, checks);
        return (int)(checks.All(static check => check.Fault is null) ? ExitCode.Ok : ExitCode.Different);
    }

    private static bool IsOf(Score score, string champion, Scorer challenger) => score.Shadow
        ? score.Model == challenger.Definition.Name && score.ModelVersion == VersionOf(challenger)
        : score.Model == champion;

    private static string? DriftFaultOf(Scorer challenger, List<Score> answers)
    {
        if (challenger.Baseline.IsEmpty)
        {
            return "its file does not say how its features were distributed in training";
        }

        var counts = new DriftCounts(challenger.Baseline);
        foreach (var answer in answers.Where(static answer => answer.Shadow))
        {
            counts.Add(answer.Features.AsSpan(), answer.Value);
        }

        var far = counts.Compare().Where(static finding => finding.Level == DriftLevel.Significant);
        string[] moved = [.. far.Select(static finding => finding.Name)];
        return moved.Length == 0 ? null : $"moved far from its training: {string.Join(", ", moved)}; see streaming drift";
    }

    private static async Task<string?> AdmissionFaultAsync(IModelRegistry registry, Scorer challenger, CancellationToken cancellation)
    {
        var (hash, models) = (VersionOf(challenger), await registry.ListAsync(cancellation));
        var version = models.SelectMany(static model => model.Versions).FirstOrDefault(
            version => version.Tags.GetValueOrDefault(VersionTags.FileHash, "").StartsWith(hash, StringComparison.Ordinal));
        if (version is null)
        {
            return $"no version in {registry.Location} has its file ({hash}); register it";
        }

        if (!version.Tags.TryGetValue(VersionTags.Gate, out var text))
        {
            return $"version {version.Version} was registered without the admission gate";
        }

        using var gate = JsonDocument.Parse(text);
        return AdmissionResult.FaultOf(gate.RootElement, hash) is { } fault ? $"version {version.Version}: {fault}" : null;
    }

    private static string VersionOf(Scorer scorer) => scorer.ModelId[(scorer.ModelId.LastIndexOf('@') + 1)..];

    private void Print(
        ParseResult parsed, Scorer challenger, string champion, PromotionResult result, IReadOnlyList<(string Check, string? Fault)> checks)
    {
        if (_shared.IsJson(parsed))
        {
            Report.Json(_shared.Terminal, new
            {
                Challenger = challenger.ModelId,
                Champion = champion,
                result.Rows,
                result.Frauds,
                ChampionAveragePrecision = Number(result.Champion),
                ChallengerAveragePrecision = Number(result.Challenger),
                LowerBound = Number(result.LowerBound),
                Checks = checks.Select(static check => new { check.Check, Passed = check.Fault is null, check.Fault }),
            });
            return;
        }

        Report.Pairs(_shared.Terminal,
        [
            ("challenger", challenger.ModelId),
            ("champion", champion),
            ("labelled requests", $"{result.Rows}, {result.Frauds} of them frauds"),
            ("average precision", $"{VersionText.Value(result.Challenger)}, the champion's {VersionText.Value(result.Champion)}"),
            ("difference is above", VersionText.Value(result.LowerBound)),
            .. checks.Select(static check => (check.Check, check.Fault ?? "passed")),
        ]);
    }

    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
