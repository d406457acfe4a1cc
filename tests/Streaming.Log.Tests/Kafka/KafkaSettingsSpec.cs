using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
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
        var settings = new KafkaSettings("h:1") { Properties = ImmutableSortedDictionary<string, string>.Empty.Add(key, "s3cret").Add("sasl.username", "me") };
        Assert.DoesNotContain("s3cret", settings.ToString(), StringComparison.Ordinal);
        Assert.Contains("sasl.username=me", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_property_is_refused_by_name()
    {
        var settings = new KafkaSettings("127.0.0.1:1") { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("no.such.thing", "1") };
        Assert.Contains("no.such.thing", Assert.Throws<ArgumentException>(() => KafkaEventLog.Open(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_value_is_refused_by_name()
    {
        var settings = new KafkaSettings("127.0.0.1:1") { Properties = ImmutableSortedDictionary<string, string>.Empty.Add("fetch.wait.max.ms", "soon") };
        var refused = Assert.Throws<ArgumentException>(() => KafkaEventLog.Open(settings));
        Assert.StartsWith("librdkafka refuses a property: Invalid value", refused.Message, StringComparison.Ordinal);
        Assert.Contains("\"fetch.wait.max.ms\"", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The names are guessed from Confluent.Kafka's classes; each suggestion must be a name that works.</summary>
    [Fact]
    public void Every_name_that_may_be_suggested_is_librdkafkas()
    {
        Assert.Contains("fetch.wait.max.ms", KafkaProperties.Names);
        Assert.True(KafkaProperties.Names.Length > 100, "the names are not found");
        Assert.Empty(KafkaProperties.Names.Where(name => KafkaProperties.Check(name, "x") is { IsUnknown: true }));
    }

    [Theory]
    [InlineData("ssl.key.password", true)]
    [InlineData("ssl.key.pem", true)]
    [InlineData("ssl.key.location", false)]
    [InlineData("ssl.ca.pem", false)]
    public void A_path_or_a_public_certificate_is_no_secret(string name, bool secret) => Assert.Equal(secret, KafkaProperties.IsSecret(name));

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
    public async Task Brokers_out_of_reach_are_named_by_what_the_connection_said()
    {
        await using var log = KafkaEventLog.Open(new KafkaSettings("127.0.0.1:1") { RequestTimeout = TimeSpan.FromMilliseconds(500) });
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var failure = await Assert.ThrowsAsync<EventLogException>(() => log.EndOffsetAsync(new TopicPartition("t", 0), bound.Token));
        Assert.Contains("Last error of the connection: ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>It closes the connection after the first request, or resets it.</summary>
    [Theory]
    [InlineData(1024)]
    [InlineData(1)]
    public async Task A_listener_that_hangs_up_is_reported_with_the_setting_to_look_at(int bytesRead)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var hangingUp = HangUpAsync(listener, bytesRead, stop.Token);
        await using var log = KafkaEventLog.Open(new KafkaSettings($"{listener.LocalEndpoint}") { RequestTimeout = TimeSpan.FromSeconds(2) });
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var failure = await Assert.ThrowsAsync<EventLogException>(() => log.DescribeTopicAsync("t", bound.Token));
        Assert.True(failure.Message.Contains("Look at streaming.kafka.security.protocol", StringComparison.Ordinal), failure.Message);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hangingUp);
    }

    private static async Task HangUpAsync(TcpListener listener, int bytesRead, CancellationToken stop)
    {
        var request = new byte[bytesRead];
        while (true)
        {
            using var connection = await listener.AcceptSocketAsync(stop);
            await connection.ReceiveAsync(request, stop);
        }
    }

    /// <summary>The request timeout is far beyond the test's bound.</summary>
    [Fact]
    public async Task Brokers_out_of_reach_at_the_start_are_told_at_once_while_the_request_goes_on_trying()
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var log = KafkaEventLog.Open(new KafkaSettings("127.0.0.1:1") { RequestTimeout = TimeSpan.FromMinutes(4), Unreachable = line => told.TrySetResult(line) });
        using var stop = new CancellationTokenSource();
        var asked = log.DescribeTopicAsync("t", stop.Token);
        var line = await told.Task.WaitAsync(Conformance.Batches.Bound);
        Assert.Contains("127.0.0.1:1", line, StringComparison.Ordinal);
        Assert.Contains("refused", line, StringComparison.Ordinal);
        Assert.Contains("streaming.kafka.request-timeout", line, StringComparison.Ordinal);
        Assert.False(asked.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Theory]
    [InlineData(ErrorCode.Local_Authentication)]
    [InlineData(ErrorCode.Local_Ssl)]
    public void A_refusal_is_a_mistake_and_names_the_settings_also_where_the_request_only_timed_out(ErrorCode refusal)
    {
        var connection = new ConnectionError("SASL authentication error", refusal);
        EventLogException[] failures =
        [
            KafkaFailure.Of(new Error(refusal), "Kafka h:1", "describing"),
            KafkaFailure.Of(new Error(ErrorCode.Local_TimedOut), "Kafka h:1", "describing", null, connection),
            KafkaFailure.TimedOut("Kafka h:1", "describing", TimeSpan.FromSeconds(1), null, connection),
        ];
        Assert.All(failures, failure =>
        {
            Assert.False(failure.Retriable);
            Assert.Contains("streaming.kafka.sasl.*", failure.Message, StringComparison.Ordinal);
        });
        Assert.Contains("SASL authentication error", failures[1].Message, StringComparison.Ordinal);
    }
}
