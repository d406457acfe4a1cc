using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Hocon;

namespace Streaming.Features.Tests.Language;

public class ExpressionSpec
{
    /// <summary>Saturday, 2024-02-24 22:30:00 UTC.</summary>
    private const long Saturday = 1_708_813_800_000;

    private static readonly EventBatch s_row = Expressions.Row(new()
    {
        ["card_id"] = "c1",
        ["terminal_id"] = "t1",
        ["amount"] = 12.5,
        ["mcc"] = "5411",
        ["channel"] = "café",
        ["fraud"] = true,
        ["ts"] = Saturday,
    });

    [Theory]
    [InlineData("1 + 2 * 3", 7.0)]
    [InlineData("(1 + 2) * 3", 9.0)]
    [InlineData("10 - 2 - 3", 5.0)]
    [InlineData("-2 - -3", 1.0)]
    [InlineData("7 % 4", 3.0)]
    [InlineData("-7 % 4", -3.0)]
    [InlineData("amount / 5", 2.5)]
    [InlineData("1e2 + 0.5", 100.5)]
    [InlineData("30m", 1_800_000.0)]
    [InlineData("7d / 1d", 7.0)]
    [InlineData("amount > 12 and amount <= 12.5", 1.0)]
    [InlineData("amount == 12.5 && !(amount != 12.5)", 1.0)]
    [InlineData("not fraud or amount < 1", 0.0)]
    [InlineData("true or false and false", 1.0)]
    [InlineData("mcc == '5411'", 1.0)]
    [InlineData("mcc != \"5411\"", 0.0)]
    [InlineData("mcc < '5412' and mcc >= '5411'", 1.0)]
    [InlineData("'it''s' == \"it's\"", 1.0)]
    [InlineData("mcc in ('1', '5411')", 1.0)]
    [InlineData("mcc not in ('1', '5411')", 0.0)]
    [InlineData("amount in (1, 2)", 0.0)]
    [InlineData("ts in (ts)", 1.0)]
    [InlineData("fraud == true", 1.0)]
    [InlineData("ts - 1h < ts", 1.0)]
    [InlineData("(ts + 1h) - ts", 3_600_000.0)]
    [InlineData("if(fraud, amount, 0)", 12.5)]
    [InlineData("min(3, amount, 2)", 2.0)]
    [InlineData("max(3, amount)", 12.5)]
    [InlineData("abs(-amount)", 12.5)]
    [InlineData("sqrt(16)", 4.0)]
    [InlineData("floor(-1.5)", -2.0)]
    [InlineData("ceil(-1.5)", -1.0)]
    [InlineData("round(2.5)", 3.0)]
    [InlineData("round(-2.5)", -3.0)]
    [InlineData("clip(amount, 0, 10)", 10.0)]
    [InlineData("clip(amount, 20, 30)", 20.0)]
    [InlineData("log(1)", 0.0)]
    [InlineData("exp(0)", 1.0)]
    [InlineData("log1p(0)", 0.0)]
    [InlineData("hour(ts)", 22.0)]
    [InlineData("weekday(ts)", 6.0)]
    [InlineData("length(channel)", 4.0)]
    [InlineData("starts_with(mcc, '54')", 1.0)]
    [InlineData("ends_with(mcc, '54')", 0.0)]
    [InlineData("contains(channel, 'fé')", 1.0)]
    [InlineData("is_null(fee)", 1.0)]
    [InlineData("is_null(user_id) and not is_null(mcc)", 1.0)]
    [InlineData("coalesce(fee, amount, 1)", 12.5)]
    [InlineData("coalesce(user_id, card_id) == 'c1'", 1.0)]
    [InlineData("if(fraud, mcc, card_id) == mcc", 1.0)]
    public void An_expression_has_its_value(string text, double expected) =>
        Assert.Equal(expected, Expressions.Evaluate(Expressions.Bind(text), s_row));

    [Theory]
    [InlineData("fee + 1", null)]
    [InlineData("-fee", null)]
    [InlineData("max(fee, 1)", null)]
    [InlineData("fee == fee", null)]
    [InlineData("fee < 1", null)]
    [InlineData("user_id == 'x'", null)]
    [InlineData("length(user_id)", null)]
    [InlineData("starts_with(mcc, user_id)", null)]
    [InlineData("hour(seen)", null)]
    [InlineData("seen - ts", null)]
    [InlineData("not (fee > 1)", null)]
    [InlineData("fee > 1 and fraud", null)]
    [InlineData("fraud and fee > 1", null)]
    [InlineData("fee > 1 and not fraud", 0.0)]
    [InlineData("not fraud and fee > 1", 0.0)]
    [InlineData("fee > 1 or fraud", 1.0)]
    [InlineData("fraud or fee > 1", 1.0)]
    [InlineData("fee > 1 or not fraud", null)]
    [InlineData("if(fee > 1, 1, 2)", null)]
    [InlineData("if(fraud, 1, fee)", 1.0)]
    [InlineData("fee in (1)", null)]
    [InlineData("1 in (fee, 1)", 1.0)]
    [InlineData("1 in (1, fee)", 1.0)]
    [InlineData("1 in (fee, 2)", null)]
    [InlineData("mcc in (user_id, '5411')", 1.0)]
    [InlineData("mcc in (user_id, '1')", null)]
    [InlineData("coalesce(fee, fee)", null)]
    [InlineData("1 / 0", null)]
    [InlineData("amount % 0", null)]
    [InlineData("log(0)", null)]
    [InlineData("sqrt(-1)", null)]
    [InlineData("exp(710)", null)]
    [InlineData("1e308 * 10", null)]
    public void Null_follows_its_rules(string text, double? expected) =>
        Assert.Equal(expected, Expressions.Evaluate(Expressions.Bind(text), s_row));

    [Theory]
    [InlineData("amount>0 and(channel=='x')", "((amount > 0) and (channel == 'x'))")]
    [InlineData("1 + 2 + amount", "(3 + amount)")]
    [InlineData("amount + 1h", "(amount + 3600000)")]
    [InlineData("! fraud || true", "((not fraud) or true)")]
    [InlineData("min( 1 ,2 )", "1")]
    [InlineData("mcc not in (\"a'b\")", "(not (mcc in ('a''b')))")]
    [InlineData("'a' == 'b'", "false")]
    [InlineData("1 / 0", "(1 / 0)")]
    [InlineData("-(2)", "-2")]
    public void Canonical_text_is_normal_and_folded(string text, string canonical) => Assert.Equal(canonical, Expressions.Bind(text).Canonical);

    [Fact]
    public void Fields_that_are_read_are_visited()
    {
        var visited = new List<int>();
        Expressions.Bind("if(fraud, amount, 0) + length(coalesce(mcc, 'x')) - if(ts in (seen), 1, 2) * -fee").VisitFields(visited.Add);

        Assert.Equal(["fraud", "amount", "mcc", "ts", "seen", "fee"], visited.Select(field => Registry.Transactions.Fields[field].Name));
    }

    [Fact]
    public void Evaluation_allocates_nothing()
    {
        var expression = Expressions.Bind(
            "if(mcc in ('1', '5411') and starts_with(channel, 'ca') and hour(ts) in (22, 23) and not is_null(fee), 1, 2) "
            + "+ clip(log1p(max(amount, 2, 3)) / exp(-amount), 0, 9) "
            + "+ length(coalesce(user_id, mcc)) + if(fraud == true or ts - 7d > seen, 1, 0)");
        var sum = 0.0;
        Allocations.AssertNone(() =>
        {
            var context = new ExpressionContext(s_row, 0);
            for (var i = 0; i < 1_000; i++)
            {
                sum += expression.Evaluate(context);
            }
        });
        Assert.False(double.IsNaN(sum));
    }

    [Theory]
    [InlineData("(", 65)]
    [InlineData("-", 65)]
    [InlineData("not ", 65)]
    [InlineData("abs(", 65)]
    [InlineData("1 + ", 501)]
    public void An_expression_that_is_too_large_is_refused(string repeated, int times)
    {
        var diagnostics = new List<Diagnostic>();

        Assert.Null(Expressions.Bind(string.Concat(Enumerable.Repeat(repeated, times)) + "1", diagnostics));
        Assert.Equal("FV056", Assert.Single(diagnostics).Code);
    }

    [Fact]
    public void All_mistakes_of_an_expression_are_reported()
    {
        var diagnostics = new List<Diagnostic>();
        Expressions.Bind("amout + lgo(fes) > 'x'", diagnostics);

        Assert.Equal([("FV021", 1), ("FV021", 13), ("FV052", 9)], diagnostics.Select(diagnostic => (diagnostic.Code, diagnostic.Position.Column)));
    }
}
