using Streaming.Node.Settings;

namespace Streaming.Node.Tests;

public sealed class LogSettingsSpec
{
    [Theory]
    [InlineData("kafka.delivery-timeout = 1s", "from 2s to 1h")]
    [InlineData("kafka.linger = 2s", "from 0s to 1s")]
    [InlineData("kafka.chunks-in-flight-max = 0", "from 1 to 200")]
    [InlineData("kafka.read-ahead-kibibytes = 65537", "from 1 to 65536")]
    [InlineData("log.embedded.poll-interval = 0ms", "from 1ms to 1m")]
    [InlineData("log.embedded.poll-interval-idle = 1ms", "from 2ms to 1m")]
    [InlineData("log.embedded.queue-length-max = 0", "from 1 to 1000000")]
    [InlineData("log.embedded.transaction-bytes-max = 1", "from 65536 to 268435456")]
    public void A_setting_of_the_log_out_of_its_bounds_is_a_fault_with_its_place(string line, string bounds)
    {
        var fault = Assert.Single(NodeSettings.Create(new(NodeSettings.References.Insert(0, ("akka.hocon", $"streaming.{line}")), _ => null)).Faults).ToString();
        Assert.StartsWith($"CF003 akka.hocon:1:{line.IndexOf('=', StringComparison.Ordinal) + 13} streaming.{line.Split(' ')[0]} is ", fault, StringComparison.Ordinal);
        Assert.EndsWith(bounds, fault, StringComparison.Ordinal);
    }
}
