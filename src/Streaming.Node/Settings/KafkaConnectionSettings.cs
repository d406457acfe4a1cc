using System.Collections.Immutable;

namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.kafka</c>; without servers the embedded log is used.</summary>
/// <param name="BootstrapServers">Brokers.</param>
/// <param name="SecurityProtocol">How to talk to them.</param>
/// <param name="SaslMechanism">How to log in.</param>
/// <param name="SaslUsername">Who to be.</param>
/// <param name="SaslPassword">The proof.</param>
/// <param name="RequestTimeout">The bound of one request while no broker has answered.</param>
/// <param name="AnswerTimeout">The bound of one request once brokers have answered.</param>
/// <param name="TopicCheckInterval">How often topics are looked at.</param>
/// <param name="DeliveryTimeout">How long a record is tried.</param>
/// <param name="Linger">How long the producer waits for more records.</param>
/// <param name="ChunksInFlightMax">Chunks on their way.</param>
/// <param name="ReadAheadKibibytes">What a reader fetches ahead.</param>
/// <param name="RecordBytesMax">The largest record.</param>
/// <param name="Properties">Further properties of librdkafka, each one known to it; some may be secrets.</param>
public sealed record KafkaConnectionSettings(
    string BootstrapServers,
    string SecurityProtocol,
    string SaslMechanism,
    string SaslUsername,
    Secret SaslPassword,
    TimeSpan RequestTimeout,
    TimeSpan AnswerTimeout,
    TimeSpan TopicCheckInterval,
    TimeSpan DeliveryTimeout,
    TimeSpan Linger,
    int ChunksInFlightMax,
    int ReadAheadKibibytes,
    int RecordBytesMax,
    ImmutableSortedDictionary<string, string> Properties)
{
    /// <summary>librdkafka accepts no response above 100 MB, and a consumer must be able to fetch the largest record.</summary>
    private const int RecordBytesLimit = 64 << 20;

    /// <summary>A fetch may be as large as the read-ahead.</summary>
    private const int ReadAheadLimit = RecordBytesLimit >> 10;

    /// <summary>Each has up to 1,000 records, and librdkafka's queue holds 200,000.</summary>
    private const int ChunksLimit = 200;

    /// <summary>Whether Kafka is the log.</summary>
    public bool IsSet => BootstrapServers.Length > 0;

    internal static KafkaConnectionSettings Read(SettingsReader reader) => new(
        reader.Text("streaming.kafka.bootstrap.servers", mayBeEmpty: true),
        reader.OneOf("streaming.kafka.security.protocol", "plaintext", "ssl", "sasl_plaintext", "sasl_ssl"),
        reader.OneOf("streaming.kafka.sasl.mechanism", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
        reader.Text("streaming.kafka.sasl.username", mayBeEmpty: true),
        reader.Secret("streaming.kafka.sasl.password"),
        reader.Duration("streaming.kafka.request-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        reader.Duration("streaming.kafka.answer-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10)),
        reader.Duration("streaming.kafka.topic-check-interval", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        reader.Duration("streaming.kafka.delivery-timeout", TimeSpan.FromSeconds(2), TimeSpan.FromHours(1)),
        reader.Duration("streaming.kafka.linger", TimeSpan.Zero, TimeSpan.FromSeconds(1)),
        reader.WholeNumber("streaming.kafka.chunks-in-flight-max", 1, ChunksLimit),
        reader.WholeNumber("streaming.kafka.read-ahead-kibibytes", 1, ReadAheadLimit),
        reader.WholeNumber("streaming.kafka.record-bytes-max", 1_000, RecordBytesLimit),
        KafkaPropertySettings.Read(reader));
}
