using System.Text;
using Streaming.Offline.Backfill;

namespace Streaming.Offline.Tests.Backfill;

public sealed class EntityKeysSpec
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("7", 7L)]
    [InlineData("-1", -1L)]
    [InlineData("4194304", 4_194_304L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void A_whole_number_and_its_text_are_one_key(string text, long number)
    {
        var keys = new EntityKeys();
        Assert.Equal(0, keys.NumberOf(5_000_000));
        Assert.Equal(1, keys.NumberOf(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(1, keys.NumberOf(number));
        Assert.Equal(2, keys.Count);
    }

    [Theory]
    [InlineData("007")]
    [InlineData("-07")]
    [InlineData("-0")]
    [InlineData("+7")]
    [InlineData("7.0")]
    [InlineData("7x")]
    [InlineData("-")]
    [InlineData(" 7")]
    [InlineData("9223372036854775808")]
    public void A_text_that_no_number_is_written_as_is_a_key_of_its_own(string text)
    {
        var keys = new EntityKeys();
        foreach (var number in (long[])[0, 7, -7, long.MinValue, long.MaxValue])
        {
            keys.NumberOf(number);
        }

        Assert.Equal(5, keys.NumberOf(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(5, keys.NumberOf(Encoding.UTF8.GetBytes(text)));
    }
}
