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
        "model", "definitions", "sources", "map", "label", "card", "split", "validation-split", "folds", "search", "early-stopping",
        "calibration", "serve-calibration", "costs", "candidates",
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
        var start = validation.IsEmpty ? DateTimeOffset.UnixEpoch : validation.Min();
        var split = ReadSplit(members, "split", start) ?? new DelayedSplit { Start = start };
        var (label, lookAhead) = new LabelReader(_values).Read(members);
        var protocol = new TrainingProtocol
        {
            Name = name,
            Position = members.Position,
            Model = members.Required("model", "model = fraud")?.Text ?? string.Empty,
            Definitions = members.Scalar("definitions") is { } file ? FileAt(directory, file) : null,
            Sources = ReadSources(members, directory),
            Map = ReadMap(members),
            Label = label,
            LookAhead = lookAhead,
            Card = members.Scalar("card") is { } card ? new Located<string>(card.Text, card.Position) : null,
            Split = split,
            ValidationSplit = (members.Has("validation-split") ? ReadSplit(members, "validation-split", start) : null) ?? split,
            Validation = validation,
            Test = test,
            Search = ReadSearch(members),
            Calibration = _values.Word(members, "calibration", "calibration = isotonic", s_calibrations),
            ServeCalibration = members.Has("serve-calibration")
                ? _values.Word(members, "serve-calibration", "serve-calibration = platt", s_calibrations)
                : null,
            Costs = ReadCosts(members),
            Candidates = new CandidateReader(_values, diagnostics).Read(members),
        };
        CheckFolds(protocol, folds);
        CheckLookAhead(protocol);
        CheckMetric(protocol);
        return diagnostics.Count > mistakes ? null : protocol;
    }

    private static Located<string> FileAt(string directory, HoconScalar file) =>
        new(Path.Combine(directory, file.Text).Replace('\\', '/'), file.Position);

    private ImmutableArray<KeyValuePair<string, Located<string>>> ReadSources(MemberReader members, string directory)
    {
        if (_values.Section(members, "sources") is not { } section)
        {
            return [];
        }

        return
        [
            .. section.Members.Select(member => (member.Key, File: section.Scalar(member.Key)))
                .Where(source => source.File is not null)
                .Select(source => KeyValuePair.Create(source.Key, FileAt(directory, source.File!))),
        ];
    }

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

    private DelayedSplit? ReadSplit(MemberReader members, string key, DateTimeOffset start)
    {
        if (_values.Section(members, key, $"{key} {{ train = 7d, delay = 7d, test = 7d }}") is not { } section)
        {
            return null;
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
        var (trials, seed, metric, rule) = (1, 0, ChosenMetric.Mean, ChoiceRule.Best);
        if (_values.Section(members, "search", "search { trials = 40, seed = 1, choose-by = mean }") is { } search)
        {
            search.RejectUnknown("trials", "seed", "choose-by", "choose");
            trials = (int)_values.Within(search, "trials", "trials = 40", 1, 10_000);
            seed = (int)_values.Within(search, "seed", "seed = 1", 0, int.MaxValue);
            metric = _values.Word(search, "choose-by", "choose-by = mean", s_metrics);
            rule = _values.Rule(search) ?? rule;
        }

        var (every, patience) = (1, 1);
        if (_values.Section(members, "early-stopping", "early-stopping { every = 25, patience = 100 }") is { } stopping)
        {
            stopping.RejectUnknown("every", "patience");
            every = (int)_values.Within(stopping, "every", "every = 25", 1, 10_000);
            patience = (int)_values.Within(stopping, "patience", "patience = 100", 1, 10_000);
        }

        return new(trials, seed, metric, every, patience) { Choose = rule };
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
        if (folds is null || protocol.Test.IsEmpty)
        {
            return;
        }

        var tests = protocol.SplitAt(protocol.Test.Min()).TestStart;
        foreach (var start in protocol.Validation.Where(start => protocol.ValidationSplitAt(start).End > tests))
        {
            diagnostics.Add(ProtocolDiagnostics.Peeks(folds.Position, start, tests));
        }
    }

    // What is learnt from must be known before the first day that is tested on.
    private void CheckLookAhead(TrainingProtocol protocol)
    {
        (string, DelayedSplit)[] splits = [("split", protocol.Split), ("validation-split", protocol.ValidationSplit)];
        foreach (var (key, split) in splits.DistinctBy(each => each.Item2.DelayDays))
        {
            if (protocol.LookAhead is { } label && label.WithinMillis > TimeSpan.FromDays(split.DelayDays).TotalMilliseconds)
            {
                diagnostics.Add(ProtocolDiagnostics.LooksIntoTest(label.Position, key, split.DelayDays, label.WithinMillis));
            }
        }
    }

    private void CheckMetric(TrainingProtocol protocol)
    {
        if (protocol.Card is null && protocol.Search.ChooseBy == ChosenMetric.CardPrecision)
        {
            diagnostics.Add(ProtocolDiagnostics.NoCards(protocol.Position));
        }
    }
}
