namespace Streaming.Hocon.Tests;

public sealed class CountedSpec
{
    [Theory]
    [InlineData(0, "0 events are")]
    [InlineData(1, "1 event is")]
    [InlineData(2, "2 events are")]
    [InlineData(1_234_567, "1,234,567 events are")]
    public void One_thing_is_in_the_singular(long count, string expected) =>
        Assert.Equal(expected, $"{Counted.Of(count, "event")} {Counted.Are(count)}");
}
