using System.Collections.Immutable;
using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Reads the candidates of a training.</summary>
internal sealed class CandidateReader(ProtocolValues values, List<Diagnostic> diagnostics)
{
    private static readonly Dictionary<string, LearnerKind> s_learners = new()
    {
        ["lightgbm"] = LearnerKind.LightGbm,
        ["logistic-regression"] = LearnerKind.LogisticRegression,
    };

    /// <summary>The candidates, in order.</summary>
    public ImmutableArray<TrainingCandidate> Read(MemberReader members)
    {
        const string Sample = "candidates { trees { learner = lightgbm, service = handbook, rounds = 500 } }";
        if (values.Section(members, "candidates", Sample) is not { } section)
        {
            return [];
        }

        var candidates = ImmutableArray.CreateBuilder<TrainingCandidate>();
        foreach (var member in section.Members)
        {
            if (values.Section(section, member.Key) is { } candidate)
            {
                candidates.Add(Read(member, candidate));
            }
        }

        if (candidates.Count == 0)
        {
            section.ReportEmpty(section.Position, "candidates", Sample);
        }

        return candidates.ToImmutable();
    }

    private TrainingCandidate Read(HoconMember member, MemberReader candidate)
    {
        candidate.RejectUnknown("learner", "service", "rounds", "space", "ascending", "groups", "serve-as", "choose");
        var learner = values.Word(candidate, "learner", "learner = lightgbm", s_learners);
        var service = candidate.Required("service", "service = handbook");
        var rounds = learner == LearnerKind.LightGbm ? values.Within(candidate, "rounds", "rounds = 500", 1, 100_000) : 1;
        return new(
            member.Key,
            member.KeyPosition,
            learner,
            service is null ? new(string.Empty, member.KeyPosition) : new(service.Text, service.Position),
            (int)rounds,
            ReadSpace(candidate, learner),
            Names(candidate, "ascending"),
            ReadGroups(candidate))
        {
            Choose = values.Rule(candidate),
            ServeAs = candidate.Scalar("serve-as") is { } served ? new Located<string>(served.Text, served.Position) : null,
        };
    }

    private ImmutableArray<KeyValuePair<string, ImmutableArray<double>>> ReadSpace(MemberReader candidate, LearnerKind learner)
    {
        if (values.Section(candidate, "space") is not { } section)
        {
            return [];
        }

        var ranges = ParameterRange.Of(learner);
        section.RejectUnknown(ranges.Select(range => range.Name));
        var space = ImmutableArray.CreateBuilder<KeyValuePair<string, ImmutableArray<double>>>();
        foreach (var range in ranges.Where(range => section.Has(range.Name)))
        {
            var numbers = (section.Scalars(range.Name, "at least one number") ?? []).Select(scalar => Number(range, scalar));
            space.Add(new(range.Name, [.. numbers]));
        }

        return space.ToImmutable();
    }

    private double Number(ParameterRange range, HoconScalar scalar)
    {
        var isNumber = double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        if (!isNumber || !range.Takes(number))
        {
            var found = isNumber ? number : double.NaN;
            diagnostics.Add(
                ProtocolDiagnostics.OutOfRange(scalar.Position, range.Name, found, range.Least, range.Most, range.IsWhole));
        }

        return number;
    }

    private ImmutableArray<KeyValuePair<string, ImmutableArray<Located<string>>>> ReadGroups(MemberReader candidate)
    {
        if (values.Section(candidate, "groups") is not { } section)
        {
            return [];
        }

        var groups = ImmutableArray.CreateBuilder<KeyValuePair<string, ImmutableArray<Located<string>>>>();
        foreach (var member in section.Members)
        {
            groups.Add(new(member.Key, Names(section, member.Key)));
        }

        return groups.ToImmutable();
    }

    private static ImmutableArray<Located<string>> Names(MemberReader section, string key) =>
    [
        .. (section.Scalars(key, "at least one feature") ?? []).Select(feature => new Located<string>(feature.Text, feature.Position)),
    ];
}
