using System.Globalization;
using Streaming.Features.Language.Expressions;

namespace Streaming.Features.Tests.Language;

/// <summary>
/// The oracle for expressions: walks the syntax with boxed, nullable values and no types, folding or bytes. Numbers and times are
/// doubles, flags bools, texts strings.
/// </summary>
internal sealed class NaiveInterpreter(Dictionary<string, object?> row)
{
    public object? Evaluate(Syntax syntax) => syntax switch
    {
        NumberSyntax number => number.Value,
        FlagSyntax flag => flag.Value,
        TextSyntax text => text.Value,
        NameSyntax name => row[name.Name] is long time ? (double)time : row[name.Name],
        UnarySyntax { Symbol: "not" } not => !(bool?)Evaluate(not.Operand),
        UnarySyntax minus => -(double?)Evaluate(minus.Operand),
        InSyntax choice => In(Evaluate(choice.Operand), [.. choice.Choices.Select(Evaluate)]),
        BinarySyntax binary => Binary(binary.Symbol, Evaluate(binary.Left), Evaluate(binary.Right)),
        CallSyntax call => Call(call.Name, [.. call.Arguments.Select(Evaluate)]),
        _ => throw new InvalidOperationException($"no rule for {syntax}"),
    };

    private static object? Binary(string symbol, object? left, object? right) => symbol switch
    {
        "and" => (bool?)left & (bool?)right,
        "or" => (bool?)left | (bool?)right,
        _ when left is null || right is null => null,
        "+" => Finite((double)left + (double)right),
        "-" => Finite((double)left - (double)right),
        "*" => Finite((double)left * (double)right),
        "/" => Finite((double)left / (double)right),
        "%" => Finite((double)left % (double)right),
        "==" => Equals(left, right),
        "!=" => !Equals(left, right),
        "<" => Order(left, right) < 0,
        "<=" => Order(left, right) <= 0,
        ">" => Order(left, right) > 0,
        ">=" => Order(left, right) >= 0,
        _ => throw new InvalidOperationException($"no rule for {symbol}"),
    };

    private static int Order(object left, object right) => left is string text
        ? string.CompareOrdinal(Utf32(text), Utf32((string)right))
        : ((double)left).CompareTo((double)right);

    /// <summary>Code points as six hexadecimal digits each, so that their ordinal order is that of the code points.</summary>
    private static string Utf32(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value.ToString("x6", CultureInfo.InvariantCulture)));

    private static int Runes(string text) => text.EnumerateRunes().Count();

    private static bool? In(object? value, object?[] choices) =>
        value is null ? null : choices.Contains(value) ? true : choices.Contains(null) ? null : false;

    private static object? Call(string name, object?[] arguments) => name switch
    {
        "if" => arguments[0] is null ? null : (bool)arguments[0]! ? arguments[1] : arguments[2],
        "coalesce" => arguments.FirstOrDefault(argument => argument is not null),
        "is_null" => arguments[0] is null,
        _ when arguments.Contains(null) => null,
        "min" => arguments.Min(argument => (double)argument!),
        "max" => arguments.Max(argument => (double)argument!),
        "clip" => Math.Min(Math.Max((double)arguments[0]!, (double)arguments[1]!), (double)arguments[2]!),
        "abs" => Math.Abs((double)arguments[0]!),
        "floor" => Math.Floor((double)arguments[0]!),
        "sqrt" => Finite(Math.Sqrt((double)arguments[0]!)),
        "log" => Finite(DeterministicMath.Log((double)arguments[0]!)),
        "hour" => (double)DateTimeOffset.FromUnixTimeMilliseconds((long)(double)arguments[0]!).Hour,
        "weekday" => (double)(((int)DateTimeOffset.FromUnixTimeMilliseconds((long)(double)arguments[0]!).DayOfWeek + 6) % 7) + 1,
        "length" => (double)Runes((string)arguments[0]!),
        "starts_with" => ((string)arguments[0]!).StartsWith((string)arguments[1]!, StringComparison.Ordinal),
        "contains" => ((string)arguments[0]!).Contains((string)arguments[1]!, StringComparison.Ordinal),
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no rule for {name}")),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
