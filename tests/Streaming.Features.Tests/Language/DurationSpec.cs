using Streaming.Features.Language;

namespace Streaming.Features.Tests.Language;

public class DurationSpec
{
    [Theory]
    [InlineData("5ms", 5)]
    [InlineData("30s", 30_000)]
    [InlineData("30 minutes", 1_800_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7 d", 604_800_000)]
    [InlineData("36500d", 3_153_600_000_000)]
    [InlineData("-1d", -86_400_000)]
    [InlineData("0", 0)]
    public void A_duration_is_a_whole_number_and_a_unit(string text, long millis)
    {
        Assert.True(Duration.TryParse(text, out var met));
        Assert.Equal(millis, met);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("7w")]
    [InlineData("1.5h")]
    [InlineData("7D")]
    [InlineData("36501d")]
    [InlineData("99999999999999999999ms")]
    [InlineData("--1d")]
    [InlineData("0 weeks")]
    public void Anything_else_is_none(string text) => Assert.False(Duration.TryParse(text, out _));
}

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
}
