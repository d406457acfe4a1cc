using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streaming.Log;
using Streaming.Log.Embedded;
using Xunit.Abstractions;

namespace Streaming.EndToEnd.Tests;

/// <summary>
/// A node that is killed (SIGKILL) while it takes events and while it starts: everything that was acknowledged is in the log, once, and in the features.
/// Where it is killed comes from a seed, which is printed; STREAMING_KILL_SEED runs one again.
/// </summary>
public sealed class KillSpec(ITestOutputHelper output) : IDisposable
{
    private const int Cards = 8;
    private const int Clients = 4;
    private const int PerPost = 5;
    private const int FileRows = 20_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-kill-").FullName;
    private readonly long _start = TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
    private readonly ConcurrentDictionary<int, bool> _sent = [];
    private int _next;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Whatever_was_acknowledged_before_a_kill_is_in_the_log_once_and_in_the_features()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("STREAMING_KILL_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 2; round++)
        {
            await PostUntilKilledAsync(acknowledgedMin: 100 + random.Next(1_500));
            await KillAfterCpuAsync(TimeSpan.FromMilliseconds(random.Next(2_500)), "run", "--port", "0");
        }

        await IngestUntilKilledAsync(TimeSpan.FromMilliseconds(300 + random.Next(2_000)));
        var logged = await LoggedAsync();
        output.WriteLine($"{_sent.Count(event_ => event_.Value)} of {_sent.Count} posted events acknowledged, {logged.Count} in the log");
        Assert.Equal(logged.Distinct().Count(), logged.Count);
        Assert.Empty(_sent.Where(posted => posted.Value).Select(posted => posted.Key).Except(logged));
        Assert.Empty(logged.Where(id => id < FileRows).Except(_sent.Keys));
        await CompareFeaturesAsync(logged);
    }

    private async Task PostUntilKilledAsync(int acknowledgedMin)
    {
        var (node, url) = await NodeProcess.RunAsync(_folder);
        await using var running = node;
        using var client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(20) };
        var before = _sent.Count(posted => posted.Value);
        var posting = Enumerable.Range(0, Clients).Select(_ => PostAsync(client)).ToList();
        await Eventually.TrueAsync("acknowledged", () => _sent.Count(posted => posted.Value) - before >= acknowledgedMin, () => node.Output);
        await node.KillAsync();
        await Task.WhenAll(posting);
    }

    // Ends with the node: what was under way then is in the log, or not.
    private async Task PostAsync(HttpClient client)
    {
        try
        {
            while (true)
            {
                var ids = Enumerable.Range(Interlocked.Add(ref _next, PerPost), PerPost).ToList();
                ids.ForEach(id => _sent[id] = false);
                using var answer = await client.PostAsJsonAsync(new Uri("events/transactions", UriKind.Relative), ids.Select(Event));
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    ids.ForEach(id => _sent[id] = true);
                }
                else
                {
                    // 503 until the topic is there; any other answer is a fault of the test or the node.
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                }
            }
        }
        catch (HttpRequestException)
        {
            // The node is killed: what was under way counts as not acknowledged.
        }
    }

    private async Task KillAfterCpuAsync(TimeSpan spent, params string[] arguments)
    {
        await using var process = NodeProcess.Begin(_folder, arguments);
        await Eventually.TrueAsync("some way into its work", () => process.HasExited || process.Cpu >= spent, () => process.Output);
        await process.KillAsync();
    }

    // A killed ingest has acknowledged nothing; what it left is whole and no row comes twice.
    private async Task IngestUntilKilledAsync(TimeSpan spent)
    {
        var file = Path.Combine(_folder, "rows.csv");
        await File.WriteAllLinesAsync(file, [
            "event_id,card_id,terminal_id,amount,ts",
            .. Enumerable.Range(FileRows, FileRows).Select(id => string.Create(CultureInfo.InvariantCulture, $"{Id(id)},{Card(id)},t1,1,{_start + id}")),
        ]);
        await KillAfterCpuAsync(spent, "ingest", file, "--topic", "transactions");
    }

    private async Task<List<int>> LoggedAsync()
    {
        var ids = new List<int>();
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(_folder, "events.db")));
        var topic = await log.DescribeTopicAsync("transactions", CancellationToken.None);
        for (var partition = 0; partition < topic!.Partitions; partition++)
        {
            var place = new TopicPartition("transactions", partition);
            var end = await log.EndOffsetAsync(place, CancellationToken.None);
            await using var reader = log.Read(place, 0);
            while (reader.NextOffset < end)
            {
                var records = await reader.ReadAsync(10_000, CancellationToken.None);
                ids.AddRange(Enumerable.Range(0, records.Count).Select(record => IdOf(records.Value(record))));
            }
        }

        return ids;
    }

    private async Task CompareFeaturesAsync(List<int> logged)
    {
        var (node, url) = await NodeProcess.RunAsync(_folder);
        await using var running = node;
        using var client = new HttpClient { BaseAddress = url };
        await Eventually.TrueAsync(
            "ready", async () => (await client.GetAsync(new Uri("health/ready", UriKind.Relative))).StatusCode == HttpStatusCode.OK, () => node.Output);
        var at = (_start + (4 * FileRows)).ToString(CultureInfo.InvariantCulture);
        for (var card = 0; card < Cards; card++)
        {
            using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri($"features/card/{Card(card)}?at={at}", UriKind.Relative)));
            var count = answer.RootElement.GetProperty("features").GetProperty("card_activity.tx_count_1d").GetProperty("value").GetDouble();
            Assert.Equal(logged.Count(id => id % Cards == card), count);
        }
    }

    private object Event(int id) => new { event_id = Id(id), card_id = Card(id), terminal_id = "t1", amount = 1.0, ts = _start + id };

    private static string Id(int id) => string.Create(CultureInfo.InvariantCulture, $"kill-{id:D8}");

    private static string Card(int id) => $"card_{id % Cards}";

    // The event's id is the first field of the Avro record: text as it is.
    private static int IdOf(ReadOnlySpan<byte> value)
    {
        var digits = value.Slice(value.IndexOf("kill-"u8) + 5, 8);
        return int.Parse(digits, CultureInfo.InvariantCulture);
    }
}
