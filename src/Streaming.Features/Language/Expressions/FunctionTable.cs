using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Streaming.Features.Language.Expressions;

/// <summary>What a function takes in one place.</summary>
internal enum ArgumentKind
{
    Number,
    Flag,
    Text,
    Time,

    /// <summary>Anything.</summary>
    Any,

    /// <summary>Anything, but the same type in every such place.</summary>
    Same,
}

/// <summary>One function of the expression language.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Usage">How it is written.</param>
/// <param name="Summary">What it yields.</param>
/// <param name="Arguments">What it takes, in order.</param>
/// <param name="Variadic">Whether the last argument may be repeated.</param>
/// <param name="Build">Makes the node of arguments that have been checked.</param>
internal sealed record FunctionDefinition(
    string Name,
    string Usage,
    string Summary,
    ImmutableArray<ArgumentKind> Arguments,
    bool Variadic,
    Func<Expression[], Expression> Build);

/// <summary>The functions: adding one is adding an entry (and a line to the table in docs/feature-language.md).</summary>
internal static class FunctionTable
{
    public static readonly ImmutableArray<FunctionDefinition> All =
    [
        new("if", "if(condition, a, b)", "a where the condition is true, b where it is false, null where it is null",
            [ArgumentKind.Flag, ArgumentKind.Same, ArgumentKind.Same], false, arguments => new IfCall("if", arguments)),
        new("coalesce", "coalesce(a, b, ...)", "the first argument that is not null",
            [ArgumentKind.Same, ArgumentKind.Same], true, arguments => new CoalesceCall("coalesce", arguments)),
        new("is_null", "is_null(x)", "whether x is null", [ArgumentKind.Any], false, arguments => new IsNullCall("is_null", arguments)),
        Fold("min", "min(a, b, ...)", "the smallest", Math.Min),
        Fold("max", "max(a, b, ...)", "the largest", Math.Max),
        new("clip", "clip(x, low, high)", "x, but at least low and at most high",
            [ArgumentKind.Number, ArgumentKind.Number, ArgumentKind.Number], false, arguments => new ClipCall("clip", arguments)),
        Number("abs", "abs(x)", "x without its sign", Math.Abs),
        Number("log", "log(x)", "the natural logarithm; null for x <= 0", DeterministicMath.Log),
        Number("log1p", "log1p(x)", "log(1 + x), exact for small x; null for x <= -1", DeterministicMath.Log1p),
        Number("exp", "exp(x)", "e to the power of x; null above 709.78", DeterministicMath.Exp),
        Number("sqrt", "sqrt(x)", "the square root; null for x < 0", Math.Sqrt),
        Number("floor", "floor(x)", "the next whole number down", Math.Floor),
        Number("ceil", "ceil(x)", "the next whole number up", Math.Ceiling),
        Number("round", "round(x)", "the nearest whole number, halves away from zero", x => Math.Round(x, MidpointRounding.AwayFromZero)),
        OfTime("hour", "hour(time)", "the hour of the day in UTC, 0 to 23", Calendar.Hour),
        OfTime("weekday", "weekday(time)", "the day of the week in UTC, 1 (Monday) to 7 (Sunday)", Calendar.Weekday),
        new("length", "length(text)", "the number of characters (Unicode code points)",
            [ArgumentKind.Text], false, arguments => new TextCall("length", Utf8.CountCodePoints, arguments)),
        Texts(
            "starts_with",
            "starts_with(text, start)",
            "whether the text starts with another",
            (text, start) => text.StartsWith(start) ? 1 : 0),
        Texts("ends_with", "ends_with(text, end)", "whether the text ends with another", (text, end) => text.EndsWith(end) ? 1 : 0),
        Texts("contains", "contains(text, part)", "whether the text contains another", (text, part) => text.IndexOf(part) >= 0 ? 1 : 0),
    ];

    private static readonly FrozenDictionary<string, FunctionDefinition> s_byName = All.ToFrozenDictionary(function => function.Name);

    public static FunctionDefinition? Find(string name) => s_byName.GetValueOrDefault(name);

    private static FunctionDefinition Number(string name, string usage, string summary, Func<double, double> function) =>
        new(name, usage, summary, [ArgumentKind.Number], false, arguments => new NumberCall(name, function, arguments));

    private static FunctionDefinition OfTime(string name, string usage, string summary, Func<double, double> function) =>
        new(name, usage, summary, [ArgumentKind.Time], false, arguments => new NumberCall(name, function, arguments));

    private static FunctionDefinition Fold(string name, string usage, string summary, Func<double, double, double> function) =>
        new(name, usage, summary, [ArgumentKind.Number, ArgumentKind.Number], true, arguments => new FoldCall(name, function, arguments));

    private static FunctionDefinition Texts(string name, string usage, string summary, TextsFunction function) =>
        new(name, usage, summary, [ArgumentKind.Text, ArgumentKind.Text], false, arguments => new TextsCall(name, function, arguments));
}
