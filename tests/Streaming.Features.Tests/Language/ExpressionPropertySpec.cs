using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Tests.Language;

/// <summary>Laws of expressions on random texts; each message carries the seed that repeats it.</summary>
public class ExpressionPropertySpec
{
    private const int Rounds = 3_000;

    private static readonly string[] s_types = ["number", "flag", "text", "time"];

    private static readonly string[] s_texts = ["", "a", "b", "ab", "é", "\uFFFD", "😀", "it's", "5411"];

    private static readonly string[] s_fragments =
    [
        "amount", "mcc", "fraud", "ts", " ", "(", ")", ",", "+", "-", "*", "/", "%", "==", "=", "<", ">", "!", "&&", "|", "and", "or", "not", "in",
        "'", "\"", "x", "1", ".5", "7d", "1e9", "if(", "max(", "coalesce(", "true", "$", "\uD800", "😀", "\n", "\0", "request.amount", ".",
    ];

    [Fact]
    public void An_expression_evaluates_like_its_naive_twin()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var text = Generate(random, s_types[random.Next(s_types.Length)], 4);
            var row = RandomRow(random);
            var expected = new NaiveInterpreter(row).Evaluate(ExpressionParser.Parse(Expressions.Source(text, []))!);
            var found = Expressions.Evaluate(Expressions.Bind(text), Expressions.Row(row));

            Assert.True(Equals(expected is bool flag ? flag ? 1.0 : 0.0 : expected, found), $"seed {seed}: {text} is {found}, expected {expected}");
        }
    }

    [Fact]
    public void The_canonical_text_is_read_back_as_the_same_expression()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var expression = Expressions.Bind(Generate(random, s_types[random.Next(s_types.Length)], 4));
            var again = Expressions.Bind(expression.Canonical);
            var row = Expressions.Row(RandomRow(random));

            Assert.Equal((seed, expression.Canonical, expression.Type), (seed, again.Canonical, again.Type));
            Assert.Equal((seed, Expressions.Evaluate(expression, row)), (seed, Expressions.Evaluate(again, row)));
        }
    }

    [Fact]
    public void Random_text_is_an_expression_or_a_mistake_and_never_an_exception()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => s_fragments[random.Next(s_fragments.Length)]));
            var diagnostics = new List<Diagnostic>();
            var expression = Expressions.Bind(text, diagnostics);

            Assert.True(expression is null == diagnostics.Count > 0, $"seed {seed}: {text}");
            Assert.All(diagnostics, diagnostic => Assert.InRange(diagnostic.Position.Column, 1, text.Length + 1));
        }
    }

    private static Dictionary<string, object?> RandomRow(Random random) => new()
    {
        ["amount"] = Number(random),
        ["fee"] = random.Next(3) == 0 ? null : Number(random),
        ["fraud"] = random.Next(3) switch { 0 => null, var flag => flag == 1 },
        ["mcc"] = random.Next(3) == 0 ? null : s_texts[random.Next(s_texts.Length)],
        ["channel"] = s_texts[random.Next(s_texts.Length)],
        ["ts"] = random.NextInt64(-4_000_000_000_000, 4_000_000_000_000),
        ["seen"] = random.Next(3) == 0 ? null : random.NextInt64(4_000_000_000_000),
    };

    private static double Number(Random random) => random.Next(4) switch
    {
        0 => random.Next(-3, 4),
        1 => random.NextDouble() * 1000,
        2 => -random.NextDouble(),
        _ => Math.Pow(10, random.Next(-300, 300)),
    };

    /// <summary>A well-typed expression: a name or literal at depth 0, else mostly an operator or a function.</summary>
    private static string Generate(Random random, string type, int depth)
    {
        string Of(string other) => Generate(random, other, depth - 1);
        string Any(params string[] choices) => choices[random.Next(choices.Length)];
        if (depth == 0 || random.Next(4) == 0)
        {
            return Leaf(random, type);
        }

        switch (random.Next(6))
        {
            case 0:
                return $"if({Of("flag")}, {Of(type)}, {Of(type)})";
            case 1:
                return $"coalesce({Of(type)}, {Of(type)}, {Of(type)})";
        }

        var any = Any("number", "flag", "text", "time");
        var ordered = Any("number", "text", "time");
        return (type, random.Next(7)) switch
        {
            ("number", 0 or 1) => $"({Of("number")} {Any("+", "-", "*", "/", "%")} {Of("number")})",
            ("number", 2) => $"-{Of("number")} - ({Of("time")} - {Of("time")})",
            ("number", 3) => $"{Any("min", "max")}({Of("number")}, {Of("number")})",
            ("number", 4) => $"{Any("abs", "floor", "sqrt", "log")}({Of("number")})",
            ("number", 5) => $"clip({Of("number")}, {Of("number")}, {Of("number")})",
            ("number", _) => $"{Any("hour", "weekday")}({Any("ts", "seen")}) + length({Of("text")})",
            ("flag", 0 or 1) => $"({Of("flag")} {Any("and", "or", "&&", "||")} {Of("flag")})",
            ("flag", 2) => $"(not {Of("flag")})",
            ("flag", 3) => $"({Of(ordered)} {Any("<", "<=", ">", ">=")} {Of(ordered)})",
            ("flag", 4) => $"({Of(any)} {Any("==", "!=")} {Of(any)})",
            ("flag", 5) => $"({Of(any)} {Any("in", "not in")} ({Of(any)}, {Of(any)}))",
            ("flag", _) => $"(is_null({Of(any)}) or {Any("starts_with", "contains")}({Of("text")}, {Of("text")}))",
            ("time", _) => $"({Of("time")} {Any("+", "-")} {Of("number")})",
            _ => Leaf(random, type),
        };
    }

    private static string Leaf(Random random, string type)
    {
        string[] leaves = type switch
        {
            "number" => ["amount", "fee", "0", "1", "2.5", "1e300", "3s"],
            "flag" => ["fraud", "true", "false"],
            "text" => ["mcc", "channel", $"'{s_texts[random.Next(s_texts.Length)].Replace("'", "''", StringComparison.Ordinal)}'"],
            _ => ["ts", "seen"],
        };
        return leaves[random.Next(leaves.Length)];
    }
}
