using System.Collections.Immutable;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Tests;

public sealed class SourcePlanSpec
{
    private const string Card = "entity = card, source = transactions, key = card_id, time = ts";
    private const string Terminal = "feature-view t { entity = terminal, source = transactions, key = terminal_id, time = ts, "
        + "features { n { count = \"*\", over = [1d] } } }";
    private static readonly string s_counts = View("n { count = \"*\", over = [1d] }");

    [Fact]
    public void The_same_validation_has_the_same_fingerprint()
    {
        Assert.Equal(
            Of(s_counts),
            Of(s_counts.Replace("view v", "view w", StringComparison.Ordinal).Replace("n {", "m {", StringComparison.Ordinal)));
        Assert.Equal(Of(s_counts), Of(View("n { count = \"*\", over = [1h, 1d] }")));
        Assert.Equal(Of(s_counts), Of(View("n { count = \"*\", over = [2d] }")));
        Assert.Equal(Of(s_counts), Of(View("n { count = \"*\" }")));
        Assert.Equal(Of(s_counts + Terminal), Of(Terminal + "\n" + s_counts));
    }

    [Fact]
    public void Every_change_of_validation_changes_the_fingerprint()
    {
        string[] all = [s_counts, s_counts + Terminal, View("n { sum = amount, over = [1d] }")];
        Assert.Equal(all.Length, all.Select(text => Of(text)).Distinct().Count());
        Assert.NotEqual(Of(s_counts), Of(s_counts, aheadMinutes: 11));
        var names = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("transactions", ["record"]);
        Assert.NotEqual(Of(s_counts), SourcePlan.For(TestFeatures.Of(s_counts), TimeSpan.FromMinutes(10), names).Single().Fingerprint);
    }

    private static string View(string features) => $"feature-view v {{ {Card}, features {{ {features} }} }}\n";

    private static ulong Of(string text, int aheadMinutes = 10) =>
        SourcePlan.For(TestFeatures.Of(text), TimeSpan.FromMinutes(aheadMinutes)).Single().Fingerprint;
}
