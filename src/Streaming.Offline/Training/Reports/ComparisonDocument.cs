using System.Globalization;
using System.Text;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Training.Reports;

/// <summary>The text of a protocol's report, as Markdown.</summary>
internal sealed class ComparisonDocument(TrainingProtocol protocol, IReadOnlyList<CandidateResult> results)
{
    private readonly string[] _metrics = [.. ProtocolTexts.Metrics(protocol).Select(ProtocolTexts.Of)];
    private readonly string _positives = ProtocolTexts.Positives(protocol);
    private readonly StringBuilder _text = new();

    /// <summary>Writes it.</summary>
    /// <param name="command">The command that made it.</param>
    /// <param name="decisions">Each candidate's decisions.</param>
    /// <param name="plots">Each candidate's plots: title and path.</param>
    public string Write(
        string command, IReadOnlyList<DecisionResult> decisions, IReadOnlyList<IReadOnlyList<(string Title, string Path)>> plots)
    {
        Head(command);
        Folds();
        Choices();
        for (var i = 0; i < results.Count; i++)
        {
            Candidate(results[i], decisions[i], plots[i]);
        }

        return _text.ToString();
    }

    private void Head(string command)
    {
        var (split, search) = (protocol.Split, protocol.Search);
        Line($"# {protocol.Model}: {protocol.Name}");
        Line("");
        Line("Made by");
        Line("");
        Line($"    {command}");
        Line("");
        Line($"The protocol is `training {protocol.Name}` in `schemas/models`; docs/model-definitions.md explains its keys.");
        Line("");
        Label();
        Line($"- Split: {Days(split)}{(protocol.Card is null ? "." : ",")}");
        if (protocol.Card is not null)
        {
            Line("  without the cards whose fraud is known by then.");
        }

        if (protocol.ValidationSplit != split)
        {
            Line($"  Validation folds: {Days(protocol.ValidationSplit)}.");
        }

        Line($"- Parameters and rounds are chosen on the validation folds ({Days(protocol.Validation)}),");
        Line($"  {search.Trials} points of each space at the most, by {ProtocolTexts.Of(search.ChooseBy)}.");
        Line(results[0].Test.IsEmpty
            ? "- The test folds were not looked at. All figures are of the validation folds."
            : $"- The test folds ({Days(protocol.Test)}) are scored once with what was chosen.");
        Line($"- Calibration ({ProtocolTexts.Of(protocol.Calibration)}) and thresholds are learnt on the validation folds, too.");
        Line("");
    }

    private void Label()
    {
        if (protocol.LookAhead is { } label)
        {
            var within = TimeSpan.FromMilliseconds(label.WithinMillis).TotalDays;
            Line(Text($"- Label: whether an event follows within {within:0.##} days of the same") +
                $" {string.Join(" and ", label.Of.Select(field => $"`{field.Value}`"))},");
            Line($"  with `{label.Next.Text}`.");
        }
    }

    private static string Days(DelayedSplit split) =>
        $"learn {split.TrainDays} days, wait {split.DelayDays} for labels, test {split.TestDays}";

    private void Folds()
    {
        Line("## Folds");
        Line("");
        MarkdownTable.Write(
            _text,
            ["candidate", "first day of training", $"learnt from: rows / {_positives}", $"tested on: rows / {_positives}", .. _metrics],
            results.SelectMany(result => result.Shown
                .Select(fold => (IReadOnlyList<string>)
                [
                    result.Candidate.Name,
                    Text($"{fold.Start:yyyy-MM-dd}"),
                    Text($"{fold.TrainRows:N0} / {fold.TrainFrauds}"),
                    Text($"{fold.Metrics.Rows:N0} / {fold.Metrics.Frauds}"),
                    .. Cells(MetricSummary.Of(fold.Metrics)),
                ])
                .Append(
                [
                    $"**{result.Candidate.Name}**", "mean +/- population deviation", "", "",
                    .. ProtocolTexts.Metrics(protocol).Select(metric => Spread(result.Mean.By(metric), result.Deviation.By(metric))),
                ])));
    }

    private void Choices()
    {
        Line("## What was chosen");
        Line("");
        MarkdownTable.Write(
            _text,
            ["candidate", "chosen by", "parameters", .. _metrics.Select(metric => $"validation {metric}")],
            results.SelectMany(result => result.ByMetric.Select(choice => (choice.Metric, choice.Chosen))
                .Prepend((Metric: protocol.Search.ChooseBy, result.Chosen))
                .Select(choice => (IReadOnlyList<string>)
                [
                    result.Candidate.Name, ProtocolTexts.Of(choice.Metric), choice.Chosen.Text, .. Cells(choice.Chosen.Validation),
                ])));
        if (results[0].ByMetric.IsEmpty || protocol.Card is null)
        {
            return;
        }

        Line("The handbook chooses parameters anew for each metric. Done so, the test folds give:");
        Line("");
        MarkdownTable.Write(
            _text,
            ["candidate", .. _metrics],
            results.Select(result => (IReadOnlyList<string>)
                [result.Candidate.Name, .. result.ByMetric.Select(choice => Spread(choice.Mean, choice.Deviation))]));
    }

    private void Candidate(CandidateResult result, DecisionResult decisions, IReadOnlyList<(string Title, string Path)> plots)
    {
        Line($"## {result.Candidate.Name}");
        Line("");
        var (learner, service) = (ProtocolTexts.Of(result.Candidate.Learner), result.Candidate.Service.Value);
        Line($"{learner} on the {result.Features.Length} features of `{service}`.");
        Line($"Of the points that were tried, {ProtocolTexts.Of(result.Candidate.Choose ?? protocol.Search.Choose)} is taken.");
        Line("");
        if (!result.Ablation.IsEmpty)
        {
            Line("What each group of features brings, on the validation folds, with the parameters that were chosen for all:");
            Line("");
            MarkdownTable.Write(
                _text,
                ["features", "how many", .. _metrics],
                result.Ablation.Select(row => (IReadOnlyList<string>)[row.Name, row.Features, .. Cells(row.Validation)]));
        }

        Line(Text(
            $"Calibration: Brier score {decisions.Brier.Before:0.00000} before and {decisions.Brier.After:0.00000} after, ") +
            Text($"expected error {decisions.CalibrationError.Before:0.00000} and {decisions.CalibrationError.After:0.00000}."));
        Line("");
        Costs(result, decisions);
        foreach (var (title, path) in plots)
        {
            Line($"![{title} of {result.Candidate.Name}]({path})");
            Line("");
        }
    }

    private void Costs(CandidateResult result, DecisionResult decisions)
    {
        if (protocol.Costs is not { } costs || decisions.Thresholds is not { } thresholds)
        {
            return;
        }

        var missed = costs.MissedFeature is { } feature ? $"`{feature.Value}`" : Text($"{costs.MissedFraud}");
        Line(Text($"Costs: a missed fraud {missed}, a false alarm {costs.FalseAlarm}, a review {costs.Review}."));
        Line(Text($"The thresholds that cost the validation folds the least are {At(thresholds.Review)} for review and") +
            Text($" {At(thresholds.Decline)} for decline, on calibrated scores:"));
        Line("");
        MarkdownTable.Write(
            _text,
            [
                "fold", "cost", "if all is approved", "with the best thresholds in hindsight", "reviewed", "declined", "missed frauds",
                "false alarms",
            ],
            result.Shown.Zip(decisions.Costs, (fold, cost) => (IReadOnlyList<string>)
            [
                Text($"{fold.Start:yyyy-MM-dd}"), Text($"{cost.Cost:N0}"), Text($"{cost.ApproveAll:N0}"), Text($"{cost.Hindsight:N0}"),
                Text($"{cost.Reviewed:N0}"), Text($"{cost.Declined:N0}"), Text($"{cost.Missed:N0}"), Text($"{cost.FalseAlarms:N0}"),
            ]));
    }

    private void Line(string line) => _text.Append(line).Append('\n');

    private static string At(double threshold) => double.IsFinite(threshold) ? Text($"{threshold:0.0000}") : "never";

    private static string Days(IEnumerable<DateTimeOffset> days) => string.Join(", ", days.Select(day => Text($"{day:MM-dd}")));

    private string[] Cells(MetricSummary metrics) =>
        [.. ProtocolTexts.Metrics(protocol).Select(metric => Text($"{metrics.By(metric):0.000}"))];

    private static string Spread(double mean, double deviation) => Text($"{mean:0.000} +/- {deviation:0.000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
