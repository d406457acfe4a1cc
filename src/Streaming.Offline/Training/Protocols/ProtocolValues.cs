using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Reads values that trainings have in common.</summary>
internal sealed class ProtocolValues(List<Diagnostic> diagnostics)
{
    private const long DayMillis = 86_400_000;

    private static readonly Dictionary<string, ChoiceRule> s_rules = new()
    {
        ["best"] = ChoiceRule.Best,
        ["one-standard-error"] = ChoiceRule.OneStandardError,
    };

    /// <summary>An object; null when it is left out or something else. One with a sample may not be left out.</summary>
    public MemberReader? Section(MemberReader members, string key, string? sample = null)
    {
        if (sample is not null)
        {
            members.ReportMissing(key, sample);
        }

        return members.Section(key) is { } body ? new MemberReader(body, $"\"{key}\"", body.Position, diagnostics) : null;
    }

    /// <summary>A number between bounds, inclusive.</summary>
    public double Within(MemberReader section, string key, string sample, double least, double most, bool isWhole = true)
    {
        section.ReportMissing(key, sample);
        if (section.Number(key) is not { } number)
        {
            return least;
        }

        if (number < least || number > most || (isWhole && number != Math.Floor(number)))
        {
            diagnostics.Add(ProtocolDiagnostics.OutOfRange(section.Scalar(key)!.Position, key, number, least, most, isWhole));
            return least;
        }

        return number;
    }

    /// <summary>A whole number of days.</summary>
    public int Days(MemberReader section, string key, int least)
    {
        section.ReportMissing(key, $"{key} = 7d");
        if (section.Duration(key, least * DayMillis, least == 0 ? "0d or more" : "1d or more") is not { } millis)
        {
            return least;
        }

        if (millis % DayMillis != 0)
        {
            diagnostics.Add(ProtocolDiagnostics.NotWholeDays(section.Scalar(key)!.Position, key, section.Scalar(key)!.Text));
        }

        return (int)(millis / DayMillis);
    }

    /// <summary>Which point is chosen; null where it is left out.</summary>
    public ChoiceRule? Rule(MemberReader section) =>
        section.Has("choose") ? Word(section, "choose", "choose = one-standard-error", s_rules) : null;

    /// <summary>One of some words.</summary>
    public T Word<T>(MemberReader section, string key, string sample, Dictionary<string, T> words)
        where T : struct
    {
        if (section.Required(key, sample) is not { } found)
        {
            return default;
        }

        if (!words.TryGetValue(found.Text, out var value))
        {
            diagnostics.Add(ProtocolDiagnostics.UnknownWord(found.Position, key, found.Text, words.Keys));
        }

        return value;
    }
}
