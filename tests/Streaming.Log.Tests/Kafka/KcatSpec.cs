using System.Diagnostics;
using System.Globalization;
using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

/// <summary>Somebody else's client (kcat, on librdkafka) writes and reads the topics: same partitions, same keys, same bytes.</summary>
public sealed class KcatSpec(RealBroker broker) : IClassFixture<RealBroker>
{
    private const int Partitions = 4;
    private const int SchemaId = 7;

    private static string? Kcat => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kcat")).FirstOrDefault(File.Exists);

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    [SkippableFact]
    public async Task What_kcat_writes_is_read_and_lies_where_an_append_would_put_it()
    {
        await using var log = Open();
        var topic = await TopicAsync(log);
        for (var i = 0; i < 10; i++)
        {
            await RunAsync(EventOf(i), "-P", "-b", broker.Bootstrap!, "-t", topic, "-k", $"card_{i}", "-X", "topic.partitioner=murmur2_random", "-D", "<end of event>");
        }

        for (var i = 0; i < 10; i++)
        {
            var key = $"card_{i}";
            var records = await AllOfAsync(log, new TopicPartition(topic, Murmur2.Partition(Encoding.UTF8.GetBytes(key), Partitions)));
            var record = Enumerable.Range(0, records.Count).Single(r => Encoding.UTF8.GetString(records.Key(r)) == key);
            Assert.Equal(EventOf(i), records.Value(record).ToArray());
        }
    }

    [SkippableFact]
    public async Task What_is_appended_kcat_reads_with_its_key_and_every_byte()
    {
        await using var log = Open();
        var topic = await TopicAsync(log);
        var batch = new RecordBatch();
        for (var i = 0; i < 10; i++)
        {
            batch.Add(0, Batches.Epoch + i, Encoding.UTF8.GetBytes($"card_{i}"), EventOf(i));
        }

        await log.AppendAsync(topic, batch, Bounded);
        for (var i = 0; i < 10; i++)
        {
            var partition = Murmur2.Partition(Encoding.UTF8.GetBytes($"card_{i}"), Partitions).ToString(CultureInfo.InvariantCulture);
            var lines = Encoding.UTF8.GetString(await RunAsync([], "-C", "-e", "-q", "-b", broker.Bootstrap!, "-t", topic, "-p", partition, "-o", "beginning", "-f", "%o %k %T\n"));
            var found = lines.Split('\n').Single(line => line.Contains($" card_{i} ", StringComparison.Ordinal)).Split(' ');
            Assert.Equal($"{Batches.Epoch + i}", found[2]);
            Assert.Equal(EventOf(i), await RunAsync([], "-C", "-e", "-q", "-b", broker.Bootstrap!, "-t", topic, "-p", partition, "-o", found[0], "-c", "1", "-f", "%s"));
        }
    }

    private static byte[] EventOf(int number)
    {
        var value = new AvroBuffer();
        RecordWriter.Compile<Transaction>(EventSchemas.Transaction).Write(
            new Transaction { EventId = $"{number}", CardId = $"card_{number}", TerminalId = "terminal_1", Amount = number, Currency = "EUR", Ts = new EventTime(Batches.Epoch) },
            SchemaId,
            value);
        Assert.Equal(SchemaId, WireFormat.Parse(value.Written).SchemaId);
        return value.Written.ToArray();
    }

    private static async Task<string> TopicAsync(KafkaEventLog log)
    {
        var topic = $"kcat-{Guid.NewGuid():N}";
        await log.CreateTopicAsync(topic, Partitions, Bounded);
        return topic;
    }

    private static async Task<RecordBatch> AllOfAsync(KafkaEventLog log, TopicPartition partition)
    {
        await using var reader = log.Read(partition, 0);
        return await Batches.ReadAsync(reader, (int)await log.EndOffsetAsync(partition, Bounded));
    }

    private static async Task<byte[]> RunAsync(byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Kcat!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.BaseStream.WriteAsync(input, Bounded);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(Bounded);
        await process.StandardOutput.BaseStream.CopyToAsync(output, Bounded);
        await process.WaitForExitAsync(Bounded);
        Assert.True(process.ExitCode == 0, await errors);
        return output.ToArray();
    }

    private KafkaEventLog Open()
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        Skip.If(Kcat is null, "kcat is not installed (apt-get install kcat)");
        return KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!));
    }
}
