using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streaming.Cli.Shell;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Tests;

/// <summary>The whole product in this process: a node with its seed, asked by the other commands.</summary>
public sealed partial class RunSpec
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_with_a_seed_scores_what_it_reads_and_stops_when_told()
    {
        using var cli = new Cli();
        using var stop = new CancellationTokenSource();
        await using var output = new SharedText();
        var node = cli.RunAsync("run --port 0 --with-seed --seed-cards 50 --seed-terminals 20 --seed-history 9d --seed-rate 20", output, stop.Token);
        var url = await UntilAsync(() => Task.FromResult(Url().Match(output.ToString()) is { Success: true } match ? match.Value : null), node);

        using var features = JsonDocument.Parse(await UntilAsync(
            async () => (await cli.RunAsync($"features get card card_7 --node {url} --json")) is { Code: ExitCode.Ok } answer && Count(answer) > 0 ? answer.Out : null, node));
        Assert.Equal("card_7", features.RootElement.GetProperty("key").GetString());

        Assert.Contains("""Try: curl""", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"card_id\":\"card_49\"", output.ToString(), StringComparison.Ordinal);

        using var score = JsonDocument.Parse((await cli.RunAsync($"score --card-id card_7 --amount 12.5 --set currency=USD mcc=5411 fraud=false --node {url} --json")).Out);
        Assert.Equal("card_7", score.RootElement.GetProperty("card_id").GetString());
        Assert.InRange(score.RootElement.GetProperty("score").GetDouble(), 0, 1);
        Assert.False(score.RootElement.GetProperty("fallback").GetBoolean(), "the shipped model does not answer");

        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await node.WaitAsync(s_bound)).Code);
        Assert.Equal(ExitCode.Unreachable, (await cli.RunAsync($"features get card card_7 --node {url}")).Code);
    }

    [Fact]
    public async Task A_node_with_a_seed_is_ready_once_it_has_the_history_and_its_labels()
    {
        using var cli = new Cli();
        using var stop = new CancellationTokenSource();
        await using var output = new SharedText();
        var node = cli.RunAsync("run --port 0 --with-seed --seed-cards 50 --seed-terminals 20 --seed-history 9d --seed-rate 20", output, stop.Token);
        var url = await UntilAsync(() => Task.FromResult(Url().Match(output.ToString()) is { Success: true } match ? match.Value : null), node);
        using var http = new HttpClient();
        await UntilAsync(async () => (await http.GetAsync(new Uri($"{url}/health/ready"))).IsSuccessStatusCode ? url : null, node);
        var metrics = await http.GetStringAsync(new Uri($"{url}/metrics"));
        Assert.All((string[])["transactions", "clicks", "labels"], topic => Assert.Matches($$"""streaming_events_applied_total\{topic="{{topic}}",[^}]*\} [1-9]""", metrics));
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await node.WaitAsync(s_bound)).Code);
    }

    [Theory]
    [InlineData("akka.actor.default-dispatcher.type = NoSuchDispatcher")]
    [InlineData("streaming.engine.remoting = trusted-network\nakka.remote.dot-netty.tcp.hostname = no.such.host.invalid")]
    public async Task What_Akka_refuses_is_one_line_that_names_the_file(string akka)
    {
        using var cli = new Cli();
        await File.WriteAllTextAsync(cli.PathOf("akka.hocon"), akka);
        var run = await cli.RunAsync($"run --port 0 --config {cli.PathOf("akka.hocon")}").WaitAsync(s_bound);
        Assert.NotEqual(ExitCode.Ok, run.Code);
        Assert.Contains("akka.hocon", run.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in streaming", run.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_answers_a_wrong_question_with_the_nearest_right_name_and_exit_code_2()
    {
        using var cli = new Cli();
        using var stop = new CancellationTokenSource();
        await using var output = new SharedText();
        var node = cli.RunAsync("run --port 0", output, stop.Token);
        var url = await UntilAsync(() => Task.FromResult(Url().Match(output.ToString()) is { Success: true } match ? match.Value : null), node);
        var answer = await cli.RunAsync($"features get crad card_7 --node {url}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("did you mean \"card\"?", answer.Fault, StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await node.WaitAsync(s_bound)).Code);
    }

    /// <summary>As on Kafka with an embedded registry in a new data directory: the ids are functions of the schemas that a node ships.</summary>
    [Fact]
    public async Task A_node_whose_registry_is_new_reads_what_another_wrote()
    {
        using var cli = new Cli();
        await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,card_7,t,10,2026-01-01\n")}");
        Directory.Delete(Path.Combine(cli.Data, "registry"), recursive: true);
        using var stop = new CancellationTokenSource();
        await using var output = new SharedText();
        var node = cli.RunAsync("run --port 0", output, stop.Token);
        var url = await UntilAsync(() => Task.FromResult(Url().Match(output.ToString()) is { Success: true } match ? match.Value : null), node);
        using var http = new HttpClient();
        await UntilAsync(async () => (await http.GetAsync(new Uri($"{url}/health/ready"))).IsSuccessStatusCode ? url : null, node);
        Assert.Equal(1, Count(await cli.RunAsync($"features get card card_7 --node {url} --json")));
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await node.WaitAsync(s_bound)).Code);
    }

    /// <summary>With the only commits that there are: those at the end, for the first tick is far.</summary>
    [Fact]
    public async Task A_node_has_committed_its_restart_points()
    {
        using var cli = new Cli();
        await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,card_7,t,10,2026-01-01\n2,card_8,t,10,2026-01-01\n")}");
        var config = cli.PathOf("slow.conf");
        await File.WriteAllTextAsync(config, "streaming.engine { commit-interval = 50ms, checkpoint-interval = 50ms }");
        using var stop = new CancellationTokenSource();
        await using var output = new SharedText();
        var node = cli.RunAsync($"run --port 0 --config {config}", output, stop.Token);
        var url = await UntilAsync(() => Task.FromResult(Url().Match(output.ToString()) is { Success: true } match ? match.Value : null), node);
        using var http = new HttpClient();
        await UntilAsync(async () => (await http.GetAsync(new Uri($"{url}/health/ready"))).IsSuccessStatusCode ? url : null, node);
        await UntilAsync(async () => await RestartOffsetsAsync(http, url) == 2 ? url : null, node);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await node.WaitAsync(s_bound)).Code);
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(cli.Data, "events.db")));
        var committed = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            partition => log.CommittedOffsetAsync("streaming", new TopicPartition("transactions", partition), CancellationToken.None)));
        Assert.Equal(2, committed.Sum(offset => offset ?? 0));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_the_way_out()
    {
        using var cli = new Cli();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var answer = await cli.RunAsync($"run --port {((IPEndPoint)taken.LocalEndpoint).Port}");
        Assert.Equal(ExitCode.Failed, answer.Code);
        Assert.Contains("is a node running already? Take another port with --port N", answer.Fault, StringComparison.Ordinal);
    }

    private static async Task<long> RestartOffsetsAsync(HttpClient http, string url)
    {
        using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri($"{url}/status")));
        return status.RootElement.GetProperty("partitions").EnumerateArray()
            .Where(partition => partition.GetProperty("topic").GetString() == "transactions")
            .Sum(partition => partition.GetProperty("restart_offset").GetInt64());
    }

    private static int Count(CliAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Out);
        return json.RootElement.GetProperty("features").GetProperty("card_activity.tx_count_7d").GetProperty("value").GetInt32();
    }

    private static async Task<string> UntilAsync(Func<Task<string?>> ask, Task<CliAnswer> node)
    {
        using var bound = new CancellationTokenSource(s_bound);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!bound.IsCancellationRequested)
        {
            if (await ask() is { } found)
            {
                return found;
            }

            Assert.False(node.IsCompleted, node.IsCompleted ? (await node).Error : "");
            await poll.WaitForNextTickAsync(bound.Token);
        }

        throw new TimeoutException($"the node did not get there within {s_bound}");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();
}
