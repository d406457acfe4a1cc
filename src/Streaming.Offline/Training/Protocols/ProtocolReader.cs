using System.Collections.Immutable;
using System.Globalization;
using Streaming.Hocon;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Reads the body of one training.</summary>
internal sealed class ProtocolReader(List<Diagnostic> diagnostics)
{
    private static readonly string[] s_keys =
    [
        "model", "definitions", "map", "label", "card", "split", "folds", "search", "early-stopping", "calibration", "costs", "candidates",
    ];

    private static readonly Dictionary<string, ChosenMetric> s_metrics = new()
    {
        ["auc_roc"] = ChosenMetric.AucRoc,
        ["average_precision"] = ChosenMetric.AveragePrecision,
        ["card_precision"] = ChosenMetric.CardPrecision,
        ["mean"] = ChosenMetric.Mean,
    };

    private static readonly Dictionary<string, CalibrationMethod> s_calibrations = new()
    {
        ["none"] = CalibrationMethod.None,
        ["platt"] = CalibrationMethod.Platt,
        ["isotonic"] = CalibrationMethod.Isotonic,
    };

    private readonly ProtocolValues _values = new(diagnostics);

    /// <summary>The protocol; null when there is a mistake, which is reported.</summary>
    public TrainingProtocol? Read(string name, string directory, MemberReader members)
    {
        var mistakes = diagnostics.Count;
        members.RejectUnknown(s_keys);
        var (validation, test, folds) = ReadFolds(members);
        var split = ReadSplit(members, validation);
        var protocol = new TrainingProtocol
        {
            Name = name,
            Position = members.Position,
            Model = members.Required("model", "model = fraud")?.Text ?? string.Empty,
            Definitions = members.Scalar("definitions") is { } file
                ? new Located<string>(Path.Combine(directory, file.Text).Replace('\\', '/'), file.Position)
                : null,
            Map = ReadMap(members),
            Label = Named(members, "label", "label = fraud"),
            Card = Named(members, "card", "card = card_id"),
            Split = split,
            Validation = validation,
            Test = test,
            Search = ReadSearch(members),
            Calibration = _values.Word(members, "calibration", "calibration = isotonic", s_calibrations),
            Costs = ReadCosts(members),
            Candidates = new CandidateReader(_values, diagnostics).Read(members),
        };
        CheckFolds(protocol, folds);
        return diagnostics.Count > mistakes ? null : protocol;
    }

    private static Located<string> Named(MemberReader members, string key, string sample) =>
        members.Required(key, sample) is { } named ? new(named.Text, named.Position) : new(string.Empty, members.Position);

    private ColumnMap ReadMap(MemberReader members)
    {
        if (_values.Section(members, "map") is not { } section)
        {
            return ColumnMap.Empty;
        }

        var pairs = section.Members.Select(member => (member.Key, section.Scalar(member.Key)?.Text)).Where(pair => pair.Text is not null);
        try
        {
            return ColumnMap.Parse(string.Join(',', pairs.Select(pair => $"{pair.Key}={pair.Text}")));
        }
        catch (FormatException error)
        {
            diagnostics.Add(ProtocolDiagnostics.NoMap(section.Position, error.Message));
            return ColumnMap.Empty;
        }
    }

    private DelayedSplit ReadSplit(MemberReader members, ImmutableArray<DateTimeOffset> validation)
    {
        var start = validation.IsEmpty ? DateTimeOffset.UnixEpoch : validation.Min();
        if (_values.Section(members, "split", "split { train = 7d, delay = 7d, test = 7d }") is not { } section)
        {
            return new DelayedSplit { Start = start };
        }

        section.RejectUnknown("train", "delay", "test");
        return new DelayedSplit
        {
            Start = start,
            TrainDays = _values.Days(section, "train", 1),
            DelayDays = _values.Days(section, "delay", 0),
            TestDays = _values.Days(section, "test", 1),
        };
    }

    private (ImmutableArray<DateTimeOffset> Validation, ImmutableArray<DateTimeOffset> Test, MemberReader? Section) ReadFolds(
        MemberReader members)
    {
        const string Sample = "folds { validation = [\"2018-06-20\"], test = [\"2018-07-25\"] }";
        if (_values.Section(members, "folds", Sample) is not { } section)
        {
            return ([], [], null);
        }

        section.RejectUnknown("validation", "test");
        return (Dates(section, "validation"), Dates(section, "test"), section);
    }

    private ImmutableArray<DateTimeOffset> Dates(MemberReader section, string key)
    {
        section.ReportMissing(key, $"{key} = [\"2018-06-20\"]");
        var dates = ImmutableArray.CreateBuilder<DateTimeOffset>();
        foreach (var scalar in section.Scalars(key, "at least one day") ?? [])
        {
            if (DateTimeOffset.TryParseExact(
                scalar.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
            {
                dates.Add(day);
            }
            else
            {
                diagnostics.Add(ProtocolDiagnostics.NotADay(scalar.Position, key, scalar.Text));
            }
        }

        return dates.ToImmutable();
    }

    private SearchBudget ReadSearch(MemberReader members)
    {
        var (trials, seed, metric) = (1, 0, ChosenMetric.Mean);
        if (_values.Section(members, "search", "search { trials = 40, seed = 1, choose-by = mean }") is { } search)
        {
            search.RejectUnknown("trials", "seed", "choose-by");
            trials = (int)_values.Within(search, "trials", "trials = 40", 1, 10_000);
            seed = (int)_values.Within(search, "seed", "seed = 1", 0, int.MaxValue);
            metric = _values.Word(search, "choose-by", "choose-by = mean", s_metrics);
        }

        var (every, patience) = (1, 1);
        if (_values.Section(members, "early-stopping", "early-stopping { every = 25, patience = 100 }") is { } stopping)
        {
            stopping.RejectUnknown("every", "patience");
            every = (int)_values.Within(stopping, "every", "every = 25", 1, 10_000);
            patience = (int)_values.Within(stopping, "patience", "patience = 100", 1, 10_000);
        }

        return new(trials, seed, metric, every, patience);
    }

    private DecisionCosts? ReadCosts(MemberReader members)
    {
        if (_values.Section(members, "costs") is not { } section)
        {
            return null;
        }

        section.RejectUnknown("missed-fraud", "false-alarm", "review");
        var missed = section.Required("missed-fraud", "missed-fraud = request.amount");
        var isNumber = missed is not null
            && double.TryParse(missed.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return new(
            isNumber ? _values.Within(section, "missed-fraud", "missed-fraud = 100", 0, 1e9, isWhole: false) : null,
            isNumber || missed is null ? null : new Located<string>(missed.Text, missed.Position),
            _values.Within(section, "false-alarm", "false-alarm = 10", 0, 1e9, isWhole: false),
            _values.Within(section, "review", "review = 2", 0, 1e9, isWhole: false));
    }

    // A validation fold may learn from what a test fold learns from, but no row of a test may have been looked at before.
    private void CheckFolds(TrainingProtocol protocol, MemberReader? folds)
    {
        var split = protocol.Split;
        if (folds is null || protocol.Test.IsEmpty)
        {
            return;
        }

        var tests = protocol.Test.Min().AddDays(split.TrainDays + split.DelayDays);
        foreach (var start in protocol.Validation.Where(
            start => start.AddDays(split.TrainDays + split.DelayDays + split.TestDays) > tests))
        {
            diagnostics.Add(ProtocolDiagnostics.Peeks(folds.Position, start, tests));
        }
    }
}
