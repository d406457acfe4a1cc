using System.Globalization;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Tests;

/// <summary>Every answer of a whole node under traffic against its log: from the first engine, after a switch, and from snapshots.</summary>
public sealed class LiveParitySpec
{
    private const string Settings = """
        streaming.engine { unknown-schema-wait = 50ms, checkpoint-interval = 50ms, commit-interval = 50ms }
        streaming.parity { share = 1, interval = 100ms, queue-limit = 100000, events-per-second = 100000000 }
        """;

    [Fact]
    public async Task Answers_of_each_engine_and_after_a_restart_are_what_the_log_gives()
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.Data);
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(cli.Data, "events.db")));
        var traffic = await AwkwardTraffic.CreateAsync(log, Path.Combine(cli.Data, "registry"));
        await using (var node = await RunningNode.StartAsync(cli, Settings))
        {
            using var client = new HttpClient { BaseAddress = node.Url };
            await Eventually.TrueAsync("ready", async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, () => node.Output);
            await traffic.RunAsync(client);
            await AssertSameAsync(client, node, 50);

            var switched = await cli.RunAsync($"replay from beginning {node.Config}");
            Assert.True(switched.Code == Shell.ExitCode.Ok, switched.Error);
            await traffic.RunAsync(client);
            await AssertSameAsync(client, node, 100);
        }

        await using var again = await RunningNode.StartAsync(cli, Settings);
        using var next = new HttpClient { BaseAddress = again.Url };
        await Eventually.TrueAsync("ready", async () => (await next.GetAsync("/health/ready")).IsSuccessStatusCode, () => again.Output);
        await traffic.RunAsync(next);
        await AssertSameAsync(next, again, 50);
    }

    private static async Task AssertSameAsync(HttpClient client, RunningNode node, int atLeast)
    {
        // All that was drawn is compared or skipped once a later answer is.
        await Eventually.TrueAsync(
            "compared",
            async () =>
            {
                await client.GetStringAsync("/features/card/card-1");
                return await CountAsync(client, "compared_total") >= atLeast;
            },
            () => node.Output);
        Assert.Equal(0, await CountAsync(client, "mismatches_total"));
        Assert.Equal(0, await CountAsync(client, "skipped_total{reason=\"failed\"}"));
        Assert.DoesNotContain("Live parity", node.Output, StringComparison.Ordinal);
    }

    private static async Task<double> CountAsync(HttpClient client, string counter) => double.Parse(
        (await client.GetStringAsync("/metrics")).Split('\n').Single(line => line.StartsWith($"streaming_parity_{counter} ", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);
}
