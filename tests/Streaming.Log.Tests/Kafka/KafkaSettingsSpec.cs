using System.Collections.Immutable;
using Confluent.Kafka;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

public sealed class KafkaSettingsSpec
{
    [Theory]
    [InlineData("sasl.password")]
    [InlineData("ssl.key.pem")]
    [InlineData("sasl.oauthbearer.client.secret")]
    public void A_secret_is_not_printed(string key)
    {
        var settings = new KafkaSettings("h:1") { Properties = ImmutableSortedDictionary<string, string>.Empty.Add(key, "hush").Add("sasl.username", "me") };
        Assert.DoesNotContain("hush", settings.ToString(), StringComparison.Ordinal);
        Assert.Contains("sasl.username=me", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_property_is_refused_by_name()
    {
        var settings = new KafkaSettings("127.0.0.1:1") { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("no.such.thing", "1") };
        Assert.Contains("no.such.thing", Assert.Throws<ArgumentException>(() => KafkaEventLog.Open(settings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.Local_Transport, true)]
    [InlineData(ErrorCode.NotLeaderForPartition, true)]
    [InlineData(ErrorCode.Local_MsgTimedOut, true)]
    [InlineData(ErrorCode.MsgSizeTooLarge, false)]
    [InlineData(ErrorCode.TopicAuthorizationFailed, false)]
    [InlineData(ErrorCode.UnknownTopicOrPart, false)]
    public void An_outage_is_told_from_a_mistake(ErrorCode code, bool retriable) =>
        Assert.Equal(retriable, KafkaFailure.Of(new Error(code), "Kafka h:1", "appending").Retriable);

    [Fact]
    public async Task Brokers_out_of_reach_are_an_outage_within_the_bound()
    {
        await using var log = KafkaEventLog.Open(new KafkaSettings("127.0.0.1:1") { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var failure = await Assert.ThrowsAsync<EventLogException>(() => log.EndOffsetAsync(new TopicPartition("t", 0), bound.Token));
        Assert.True(failure.Retriable, failure.Message);
    }

    [Fact]
    public async Task A_record_without_a_positive_timestamp_is_refused()
    {
        await using var log = KafkaEventLog.Open(new KafkaSettings("127.0.0.1:1"));
        var batch = new RecordBatch();
        batch.Add(0, 0, "k"u8, "v"u8);
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync("t", batch, CancellationToken.None));
    }
}
