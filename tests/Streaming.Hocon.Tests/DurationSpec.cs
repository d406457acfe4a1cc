namespace Streaming.Hocon.Tests;

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
        Assert.True(Duration.TryParse(text, out var found));
        Assert.Equal(millis, found);
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
