using System.Globalization;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

/// <summary>
/// A process that appends to a topic, reads it, describes it and commits, whatever happens to the broker, so that the test notices when a
/// native library aborts it. It writes a line for each thing it does until its input ends; then it reads to the end and compares.
/// </summary>
internal static class ChaosChild
{
    private const int Describers = 4;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    /// <param name="arguments">Bootstrap servers and topic; the test runner starts the assembly with none.</param>
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [var bootstrap, var topic])
        {
            return 0;
        }

        await using var log = KafkaEventLog.Open(new KafkaSettings(bootstrap)
        {
            AnswerTimeout = TimeSpan.FromSeconds(1),
            RequestTimeout = TimeSpan.FromSeconds(5),
            TopicCheckInterval = TimeSpan.Zero,
        });
        var partition = new TopicPartition((await log.CreateTopicAsync(topic, 1, CancellationToken.None)).Topic, 0);
        using var stop = new CancellationTokenSource();
        var state = new State();
        var (appending, reading) = (AppendAsync(log, partition, state, stop.Token), ReadAsync(log, partition, state));
        var ticking = Task.WhenAll(
        [
            TickAsync(log, partition, "chaos-a", state, stop.Token),
            TickAsync(log, partition, "chaos-b", state, stop.Token),
            .. Enumerable.Range(0, Describers).Select(_ => DescribeAsync(log, topic, stop.Token)),
        ]);
        await Console.In.ReadToEndAsync();
        await stop.CancelAsync();
        await Task.WhenAll(appending, ticking);
        await log.AppendAsync(partition, One(-1), CancellationToken.None);
        var missing = Enumerable.Range(0, state.Appended).Except(await reading).Count();
        Console.WriteLine($"end {state.Appended.ToString(CultureInfo.InvariantCulture)} {missing.ToString(CultureInfo.InvariantCulture)}");
        return missing == 0 ? 0 : 2;
    }

    private static async Task AppendAsync(KafkaEventLog log, TopicPartition partition, State state, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await IsDoneAsync(() => log.AppendAsync(partition, One(state.Appended), CancellationToken.None)))
            {
                state.Appended++;
            }

            await Task.Delay(s_tick, CancellationToken.None);
        }
    }

    private static async Task<HashSet<int>> ReadAsync(KafkaEventLog log, TopicPartition partition, State state)
    {
        var read = new HashSet<int>();
        await using var reader = new OutageTolerantReader(log, partition, 0, state);
        while (true)
        {
            var batch = await reader.ReadAsync(1_000, CancellationToken.None);
            for (var record = 0; record < batch.Count; record++)
            {
                var number = BitConverter.ToInt32(batch.Value(record));
                if (number < 0)
                {
                    return read;
                }

                read.Add(number);
            }

            Console.WriteLine("read");
        }
    }

    private static async Task TickAsync(KafkaEventLog log, TopicPartition partition, string group, State state, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var looked = await IsDoneAsync(() => log.DescribePartitionAsync(partition, CancellationToken.None));
            var committed = await IsDoneAsync(() => log.CommitAsync(group, partition, state.Appended, CancellationToken.None));
            var known = await IsDoneAsync(() => log.CommittedOffsetAsync(group, partition, CancellationToken.None));
            Console.WriteLine(looked && committed && known ? $"committed {group}" : "away");
            await Task.Delay(s_tick, CancellationToken.None);
        }
    }

    private static async Task DescribeAsync(KafkaEventLog log, string topic, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await IsDoneAsync(() => log.DescribeTopicAsync(topic, CancellationToken.None)))
            {
                Console.WriteLine("described");
            }

            await Task.Delay(s_tick, CancellationToken.None);
        }
    }

    private static async Task<bool> IsDoneAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (EventLogException away) when (away.Retriable)
        {
            Console.WriteLine($"outage {away.Message}");
            return false;
        }
        catch (Exception mistake)
        {
            Console.WriteLine($"mistake {mistake}");
            Environment.Exit(3);
            return false;
        }
    }

    private static RecordBatch One(int number)
    {
        var batch = new RecordBatch();
        batch.Add(0, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), "k"u8, BitConverter.GetBytes(number));
        return batch;
    }

    private sealed class State : IOutageRetry
    {
        public int Appended { get; set; }

        public Task WaitAsync(EventLogException outage, CancellationToken cancellation) => Task.Delay(s_tick, cancellation);

        public void Answered()
        {
        }

        public void Succeeded()
        {
        }
    }
}
