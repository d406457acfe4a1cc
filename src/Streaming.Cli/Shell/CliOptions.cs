using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Streaming.Cli.Shell;

/// <summary>Options whose errors say what was given and what is expected.</summary>
internal static class CliOptions
{
    private delegate bool TryRead<T>(string token, out T value);

    /// <summary>A text.</summary>
    public static Option<string?> Text(string name, string helpName, string description, string? standard = null) => new(name)
    {
        HelpName = helpName,
        Description = Describe(description, standard),
        DefaultValueFactory = _ => standard,
    };

    /// <summary>A whole number within inclusive bounds.</summary>
    public static Option<int> Integer(string name, string helpName, string description, int standard, int minimum, int maximum)
    {
        bool Read(string token, out int value) =>
            int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
                && value >= minimum
                && value <= maximum;
        return Create<int>(
            name,
            helpName,
            Describe(description, Show(standard)),
            standard,
            $"a whole number from {Show(minimum)} to {Show(maximum)}",
            Read);
    }

    /// <summary>A seed of generators.</summary>
    public static Option<ulong> Seed(string name, string helpName, string description, ulong standard)
    {
        static bool Read(string token, out ulong value) =>
            ulong.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return Create<ulong>(name, helpName, Describe(description, Show(standard)), standard, "a whole number, 0 or more", Read);
    }

    /// <summary>A number from 0 to a billion; null if none is given and there is no default.</summary>
    public static Option<double?> Number(string name, string helpName, string description, double? standard)
    {
        static bool Read(string token, out double? value)
        {
            var fits = double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && number is >= 0 and <= 1e9;
            value = fits ? number : null;
            return fits;
        }

        return Create<double?>(
            name,
            helpName,
            Describe(description, standard is { } value ? Show(value) : null),
            standard,
            "a number from 0 to 1000000000",
            Read);
    }

    /// <summary>A span of time; null if none is given and there is no default.</summary>
    public static Option<TimeSpan?> Duration(string name, string helpName, string description, TimeSpan? standard = null)
    {
        static bool Read(string token, out TimeSpan? value)
        {
            var fits = Hocon.Duration.TryParse(token, out var millis) && millis >= 0;
            value = fits ? TimeSpan.FromMilliseconds(millis) : null;
            return fits;
        }

        return Create<TimeSpan?>(
            name,
            helpName,
            Describe(description, standard is { } value ? Hocon.Duration.Format((long)value.TotalMilliseconds) : null),
            standard,
            "a whole number and a unit (ms, s, m, h, d), such as 30s or 7d, at most 36500d",
            Read);
    }

    /// <summary>A switch.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>The switch for programs, the same in every command that has a result.</summary>
    public static Option<bool> Json() => Flag("--json", "Print JSON for programs instead of a table.");

    /// <summary>Makes an option one that must be given.</summary>
    public static Option<T> Required<T>(this Option<T> option)
    {
        option.Required = true;
        option.DefaultValueFactory = null;
        return option;
    }

    private static string Show(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Describe(string description, string? standard) =>
        standard is null ? description : $"{description} (default: {standard})";

    private static Option<T> Create<T>(string name, string helpName, string description, T standard, string expected, TryRead<T> read) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            DefaultValueFactory = _ => standard,
            CustomParser = result => Parse(result, name, expected, read),
        };

    private static T Parse<T>(ArgumentResult result, string name, string expected, TryRead<T> read)
    {
        var token = result.Tokens is [var first, ..] ? first.Value : "";
        if (!read(token, out var value))
        {
            result.AddError($"{name} is '{token}', expected {expected}");
        }

        return value;
    }
}
