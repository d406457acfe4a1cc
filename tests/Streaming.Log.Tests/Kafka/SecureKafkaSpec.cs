using System.Collections.Immutable;
using Confluent.Kafka.Admin;
using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

/// <summary>A real broker that asks for a login over TLS.</summary>
public sealed class SecureKafkaSpec(SecureBroker broker) : IClassFixture<SecureBroker>
{
    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    [SkippableTheory]
    [InlineData("PLAIN", ScramMechanism.Unknown)]
    [InlineData("SCRAM-SHA-256", ScramMechanism.ScramSha256)]
    [InlineData("SCRAM-SHA-512", ScramMechanism.ScramSha512)]
    public async Task With_the_password_and_the_authority_records_are_appended_and_read(string mechanism, ScramMechanism scram)
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        if (scram != ScramMechanism.Unknown)
        {
            await broker.AddScramAsync(scram);
        }

        await using var log = Open(broker.Password, broker.CertificateAuthority, mechanism: mechanism);
        var topic = await log.CreateTopicAsync($"secure-{Guid.NewGuid():N}", 1, Bounded);
        var partition = new TopicPartition(topic.Topic, 0);
        await log.AppendAsync(partition, Batches.Numbered(0, 100), Bounded);
        await using var reader = log.Read(partition, 0);
        Assert.Equal(Batches.Values(Batches.Numbered(0, 100)), Batches.Values(await Batches.ReadAsync(reader, 100)));
        await log.CommitAsync("g", partition, 100, Bounded);
        Assert.Equal(100, await log.CommittedOffsetAsync("g", partition, Bounded));
    }

    [SkippableTheory]
    [InlineData("describe")]
    [InlineData("append")]
    [InlineData("read")]
    public async Task A_wrong_password_is_a_mistake_that_is_told_at_once_and_names_the_settings_and_not_the_password(string operation)
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        await using var log = Open("hunter2", broker.CertificateAuthority, TimeSpan.FromMinutes(10));

        // The test's bound is far below the request timeout: who waits for that is cancelled.
        var refusal = await Assert.ThrowsAsync<EventLogException>(() => operation switch
        {
            "describe" => log.DescribeTopicAsync("t", Bounded),
            "append" => log.AppendAsync("t", Batches.Numbered(0, 1), Bounded),
            _ => log.Read(new TopicPartition("t", 0), 0).ReadAsync(1, Bounded).AsTask(),
        });
        Assert.False(refusal.Retriable, refusal.Message);
        Assert.Contains("SASL authentication error", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("refuse the credentials: look at streaming.kafka.sasl.*", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_certificate_that_the_authority_did_not_sign_is_a_mistake_that_is_told_at_once_and_names_the_settings()
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        await using var log = Open(broker.Password, broker.OtherAuthority, TimeSpan.FromMinutes(10));
        var refusal = await Assert.ThrowsAsync<EventLogException>(() => log.DescribeTopicAsync("t", Bounded));
        Assert.False(refusal.Retriable, refusal.Message);
        Assert.Contains("ssl.* of streaming.kafka.properties", refusal.Message, StringComparison.Ordinal);
    }

    private KafkaEventLog Open(string password, string authority, TimeSpan? requestTimeout = null, string mechanism = "PLAIN") => KafkaEventLog.Open(new KafkaSettings(broker.Secure)
    {
        RequestTimeout = requestTimeout ?? TimeSpan.FromSeconds(10),
        Properties = ImmutableSortedDictionary<string, string>.Empty
            .Add("security.protocol", "sasl_ssl").Add("sasl.mechanism", mechanism).Add("sasl.username", SecureBroker.User).Add("sasl.password", password)
            .Add("ssl.ca.location", authority),
    });
}
