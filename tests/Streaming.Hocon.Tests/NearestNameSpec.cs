namespace Streaming.Hocon.Tests;

public class NearestNameSpec
{
    [Theory]
    [InlineData("amout", "amount", 1)]
    [InlineData("crad", "card", 1)]
    [InlineData("Count", "count", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    public void A_swap_counts_once_and_case_does_not_count(string from, string to, int distance)
    {
        Assert.Equal(distance, NearestName.Distance(from, to));
        Assert.Equal(distance, NearestName.Distance(to, from));
    }

    [Fact]
    public void The_nearest_is_named_only_if_it_is_near()
    {
        Assert.Equal("amount", NearestName.Find("amuont", ["count", "amount", "account"]));
        Assert.Null(NearestName.Find("fee", ["amount", "channel"]));
        Assert.Equal("card_id", NearestName.Find("card", ["event_id", "card_id", "country"]));
        Assert.Null(NearestName.Find("tx_count", ["tx_count_1d_mean", "tx_count_7d_mean"]));
    }

    [Fact]
    public void A_phrase_asks_for_the_nearest_and_lists_what_is_known_where_none_is_near()
    {
        Assert.Equal("; did you mean \"amount\"?", NearestName.Phrase("amuont", ["count", "amount"]));
        Assert.Equal("; did you mean 'amount'?", NearestName.Phrase("amuont", ["amount"], "; there are ", '\''));
        Assert.Equal("; there are count, amount", NearestName.Phrase("channel", ["count", "amount", "count"], "; there are "));
        Assert.Equal("; there is none", NearestName.Phrase("channel", []));
        Assert.Equal("", NearestName.Phrase("channel", ["amount"], lead: null));
        Assert.EndsWith("n23, ...", NearestName.Phrase("channel", Enumerable.Range(0, 25).Select(i => $"n{i}")), StringComparison.Ordinal);
    }
}
