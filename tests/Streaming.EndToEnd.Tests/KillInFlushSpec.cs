using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streaming.Persistence.Redis.Embedded;

namespace Streaming.EndToEnd.Tests;

/// <summary>
/// A node that is killed (SIGKILL) in the middle of a flush: some snapshots of a shard are written, and the next write is on its way. A proxy
/// between node and store holds that write, so that the kill falls between the two and nowhere else.
/// </summary>
public sealed class KillInFlushSpec : IDisposable
{
    private const int Cards = 60;
    private const string Slot = "{1.card-";
    private const string Snapshots = "}:e:";
    private const string Manifest = "}:manifest";
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-flush-").FullName;
    private readonly long _start = TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();
    private readonly int[] _sent = new int[Cards];
    private int _next;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("another batch of snapshots", Snapshots)]
    [InlineData("the manifest", Manifest)]
    public async Task A_node_that_is_killed_between_snapshots_and_what_follows_them_counts_each_event_once(string what, string next)
    {
        await using var store = await EmbeddedRedis.StartAsync(new EmbeddedRedisSettings(Path.Combine(_folder, "store")), CancellationToken.None);
        await using var proxy = new HoldingProxy(store.Port, Slot);
        await WriteConfigAsync(proxy.Port);
        for (var kill = 0; kill < 2; kill++)
        {
            var (node, url) = await StartAsync();
            await using var running = node;
            using var client = new HttpClient { BaseAddress = url };
            await ReadyAsync(node, client);
            await CompareAsync(client);
            var held = proxy.HoldAfter(Snapshots, next);
            await Eventually.TrueAsync($"{what} is on its way", async () => await PostAsync(client) && held.IsCompleted, () => node.Output);
            await node.KillAsync();
            proxy.Disarm();
        }

        var (last, address) = await StartAsync();
        await using var restarted = last;
        using var reader = new HttpClient { BaseAddress = address };
        await ReadyAsync(last, reader);
        await CompareAsync(reader);
    }

    private Task<(NodeProcess Node, Uri Url)> StartAsync() => NodeProcess.RunAsync(_folder, "--config", Path.Combine(_folder, "flush.hocon"));

    // Batches of two, one after the other, so that a flush is many writes.
    private Task WriteConfigAsync(int port) => File.WriteAllTextAsync(
        Path.Combine(_folder, "flush.hocon"),
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            streaming {
              engine { shards = 1, checkpoint-interval = 50ms }
              redis { connection = "127.0.0.1:{{port}}", password-file = "{{_folder}}/store/password", slots { batch-entries = 2, batches-in-flight = 1 } }
            }
            """));

    private async Task<bool> PostAsync(HttpClient client)
    {
        var cards = Enumerable.Range(_next * 7, 20).Select(card => card % Cards).ToList();
        using var answer = await client.PostAsJsonAsync(new Uri("events/transactions", UriKind.Relative), cards.Select(Event));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        cards.ForEach(card => _sent[card]++);
        return true;
    }

    private object Event(int card)
    {
        var id = _next++;
        return new { event_id = string.Create(CultureInfo.InvariantCulture, $"flush-{id}"), card_id = $"card_{card}", terminal_id = $"t{card}", amount = 1.0, ts = _start + id };
    }

    private static Task ReadyAsync(NodeProcess node, HttpClient client) => Eventually.TrueAsync(
        "ready", async () => (await client.GetAsync(new Uri("health/ready", UriKind.Relative))).StatusCode == HttpStatusCode.OK, () => node.Output);

    private async Task CompareAsync(HttpClient client)
    {
        var at = (_start + 1_000_000).ToString(CultureInfo.InvariantCulture);
        for (var card = 0; card < Cards; card++)
        {
            using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri($"features/card/card_{card}?at={at}", UriKind.Relative)));
            var count = answer.RootElement.GetProperty("features").GetProperty("card_activity.tx_count_1d").GetProperty("value").GetDouble();
            Assert.Equal(_sent[card], count);
        }
    }
}
