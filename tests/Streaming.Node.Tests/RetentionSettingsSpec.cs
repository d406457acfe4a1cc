using Streaming.Node.Settings;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>What an operator can say about retention.</summary>
public sealed class RetentionSettingsSpec
{
    [Fact]
    public void Topics_have_their_own_limits_and_the_rest_those_of_all()
    {
        var read = TestNode.Settings(
            "log.embedded.retention { time = 90d, bytes = 2GiB, topics { scores.time = 30d, transactions { bytes = off }, labels.time = off } }")
            .Embedded.Retention;
        Assert.Equal((TimeSpan.FromDays(90), 2L << 30), (read.Of("clicks").Time, read.Of("clicks").Bytes));
        Assert.Equal((TimeSpan.FromDays(30), 2L << 30), (read.Of("scores").Time, read.Of("scores").Bytes));
        Assert.Equal((TimeSpan.FromDays(90), null), (read.Of("transactions").Time, read.Of("transactions").Bytes));
        Assert.Equal((null, 2L << 30), (read.Of("labels").Time, read.Of("labels").Bytes));
    }

    [Fact]
    public void By_default_a_topic_keeps_more_than_a_year_and_ten_gibibytes()
    {
        var read = TestNode.Settings(string.Empty).Embedded.Retention;
        Assert.Equal((TimeSpan.FromDays(400), 10L << 30, TimeSpan.FromMinutes(1)), (read.Limits.Time, read.Limits.Bytes, read.CheckInterval));
        Assert.Empty(read.Topics);
    }

    [Theory]
    [InlineData("time = 5s", "streaming.log.embedded.retention.time is \"5s\", expected a duration such as 12h")]
    [InlineData("bytes = 12", "streaming.log.embedded.retention.bytes is \"12\", expected a size such as 500MiB")]
    [InlineData("bytes = 99999999999TiB", "expected a size")]
    [InlineData("topics.scores.bytes = much", "streaming.log.embedded.retention.topics.scores.bytes is \"much\", expected a size")]
    [InlineData("topics.scores.tme = 4d", "did you mean \"streaming.log.embedded.retention.topics.scores.time\"?")]
    [InlineData(
        "topics.scroes.time = 4d",
        "CF004 test.conf:1:50 streaming.log.embedded.retention.topics.scroes.time names a topic scroes that the log never has; " +
        "there are clicks, dead-letter-replays, dead-letters, labels, scores, transactions")]
    [InlineData("topics.scores = 4d", "did you mean \"streaming.log.embedded.retention.topics.scores.time\"?")]
    public void A_mistake_is_reported_with_its_key(string written, string told)
    {
        var configuration = new Configuration(
            NodeSettings.References.Insert(0, ("test.conf", $"streaming.log.embedded.retention {{ {written} }}")), _ => null);
        Assert.Contains(told, Assert.Single(NodeSettings.Create(configuration).Faults).ToString(), StringComparison.Ordinal);
    }
}
