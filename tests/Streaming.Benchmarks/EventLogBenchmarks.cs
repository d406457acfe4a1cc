using System.Diagnostics;
using System.Globalization;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;

namespace Streaming.Benchmarks;

/// <summary>
/// Events per second through an event log, and how long an append takes to reach a waiting reader.
/// <c>log [embedded|HOST:PORT] [events] [batch] [value bytes]</c>
/// </summary>
internal static class EventLogBenchmarks
{
    private const int Partitions = 12;

    public static async Task<int> Run(string[] args)
    {
        var kind = args.Length > 0 ? args[0] : "embedded";
        var events = Number(args, 1, 600_000);
        var batch = Number(args, 2, 5_000);
        var valueBytes = Number(args, 3, 100);
        var folder = Directory.CreateTempSubdirectory("streaming-log-bench");
        try
        {
            await using IEventLog log = kind == "embedded"
                ? EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(folder.FullName, "events.db")))
                : KafkaEventLog.Open(new KafkaSettings(kind));
            var topic = $"bench-{Guid.NewGuid():N}";
            await log.CreateTopicAsync(topic, Partitions, CancellationToken.None);
            Report($"append by key, batches of {batch}", events, await AppendAsync(log, topic, events, batch, valueBytes));
            Report("read, 12 readers", events, await ReadAsync(log, topic));
            Report("read again", events, await ReadAsync(log, topic));
            await SinglesAsync(log, valueBytes);
            await LatencyAsync(log, valueBytes);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<TimeSpan> AppendAsync(IEventLog log, string topic, int events, int batch, int valueBytes)
    {
        var records = Records(batch, valueBytes);
        var start = Stopwatch.GetTimestamp();
        var open = new Queue<Task>();
        for (var done = 0; done < events; done += batch)
        {
            open.Enqueue(log.AppendAsync(topic, records, CancellationToken.None));
            if (open.Count >= 8)
            {
                await open.Dequeue();
            }
        }

        await Task.WhenAll(open);
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<TimeSpan> ReadAsync(IEventLog log, string topic)
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(p => log.EndOffsetAsync(new TopicPartition(topic, p), CancellationToken.None)));
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(ends.Select((end, p) => ReadToAsync(log, new TopicPartition(topic, p), end)));
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task ReadToAsync(IEventLog log, TopicPartition partition, long end)
    {
        await using var reader = log.Read(partition, 0);
        for (long next = 0; next < end;)
        {
            var batch = await reader.ReadAsync(5_000, CancellationToken.None);
            next = batch.Offsets[batch.Count - 1] + 1;
        }
    }

    private static async Task SinglesAsync(IEventLog log, int valueBytes)
    {
        const int Events = 20_000;
        const int Callers = 64;
        var topic = $"singles-{Guid.NewGuid():N}";
        await log.CreateTopicAsync(topic, Partitions, CancellationToken.None);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            var record = Records(1, valueBytes);
            for (var i = 0; i < Events / Callers; i++)
            {
                await log.AppendAsync(topic, record, CancellationToken.None);
            }
        }));
        Report($"append one record a call, {Callers} callers", Events, Stopwatch.GetElapsedTime(start));
        Report("read what was appended one by one", Events, await ReadAsync(log, topic));
    }

    private static async Task LatencyAsync(IEventLog log, int valueBytes)
    {
        const int Events = 2_000;
        var partition = new TopicPartition($"latency-{Guid.NewGuid():N}", 0);
        await log.CreateTopicAsync(partition.Topic, 1, CancellationToken.None);
        await using var reader = log.Read(partition, 0);
        var record = Records(1, valueBytes);
        var micros = new double[Events];
        for (var i = 0; i < Events; i++)
        {
            var read = reader.ReadAsync(1, CancellationToken.None).AsTask();
            var start = Stopwatch.GetTimestamp();
            var append = log.AppendAsync(partition, record, CancellationToken.None);
            await read;
            micros[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            await append;
        }

        Array.Sort(micros);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"append to waiting reader: p50 {micros[Events / 2]:N0} us, p99 {micros[Events * 99 / 100]:N0} us"));
    }

    private static RecordBatch Records(int count, int valueBytes)
    {
        var random = new Random(1);
        var records = new RecordBatch(count, count * (valueBytes + 12));
        var value = new byte[valueBytes];
        random.NextBytes(value);
        for (var i = 0; i < count; i++)
        {
            records.Add(0, 1_700_000_000_000 + i, System.Text.Encoding.UTF8.GetBytes($"card-{random.Next(100_000)}"), value);
        }

        return records;
    }

    private static int Number(string[] args, int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

    private static void Report(string what, int events, TimeSpan time) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what}: {events / time.TotalSeconds:N0} events/s ({events:N0} in {time.TotalSeconds:N2} s)"));
}
