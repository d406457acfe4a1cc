using Streaming.Contracts.Codecs;
using Streaming.Contracts.Wire;

namespace Streaming.Contracts.Tests.Wire;

public sealed class WireFormatSpec
{
    [Theory]
    [InlineData("", WireStatus.Empty, 0, 0)]
    [InlineData("01", WireStatus.BadMagic, 0, 0)]
    [InlineData("7B226122", WireStatus.BadMagic, 0, 0)]
    [InlineData("00", WireStatus.TooShort, 0, 0)]
    [InlineData("00000000", WireStatus.TooShort, 0, 0)]
    [InlineData("0000000102", WireStatus.Ok, 258, 5)]
    [InlineData("007FFFFFFFAB", WireStatus.Ok, int.MaxValue, 5)]
    public void A_head_is_one_of_four_things(string hex, WireStatus status, int id, int start) =>
        Assert.Equal(new WireHead(status, id, start), WireFormat.Parse(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void What_is_written_is_parsed(int id)
    {
        var output = new AvroBuffer();
        WireFormat.WriteHead(output, id);
        Assert.Equal(new WireHead(WireStatus.Ok, id, 5), WireFormat.Parse(output.Written));
    }
}
