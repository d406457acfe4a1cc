using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Streaming.Engine;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed partial class OperationsSpec
{
    [Fact]
    public async Task A_node_that_has_caught_up_is_ready()
    {
        await using var node = await TestNode.StartAsync();
        Assert.Equal("""{"status":"ready"}""", await node.Client.GetStringAsync("/health/ready"));
        Assert.Equal("""{"status":"live"}""", await node.Client.GetStringAsync("/health/live"));
    }

    [Fact]
    public async Task A_node_that_is_catching_up_is_not_ready_and_tells_the_lag_of_each_partition()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.IsReady = false;
        using var answer = await node.Client.GetAsync("/health/ready");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "catching-up", "partitions");
        var partition = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("partitions")[0];
        Assert.Equal("transactions", partition.GetProperty("topic").GetString());
        Assert.Equal(10, partition.GetProperty("lag_events").GetInt64());
        Assert.True(partition.GetProperty("lag_seconds").GetDouble() > 86_400);
        Assert.True(partition.GetProperty("lag_event_time_seconds").GetDouble() > 86_400);
    }

    [Fact]
    public async Task A_node_that_puts_its_memory_in_order_is_not_ready_yet()
    {
        var isPrepared = false;
        await using var node = await TestNode.StartAsync(isPrepared: () => isPrepared);
        using var before = await node.Client.GetAsync("/health/ready");
        await ProblemAssert.IsAsync(before, HttpStatusCode.ServiceUnavailable, "catching-up", "partitions");
        Assert.Equal(0, await node.MetricAsync("streaming_ready"));
        isPrepared = true;
        Assert.Equal("""{"status":"ready"}""", await node.Client.GetStringAsync("/health/ready"));
        Assert.Equal(1, await node.MetricAsync("streaming_ready"));
    }

    [Fact]
    public async Task A_node_whose_engine_has_lost_a_part_is_not_live_takes_no_events_and_marks_its_answers()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Fault = "the shard region of card is gone; restart the node";
        node.Store.IsCaughtUp = false;
        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            using var health = await node.Client.GetAsync(path);
            await ProblemAssert.IsAsync(health, HttpStatusCode.ServiceUnavailable, "engine-gone", "restart the node");
        }

        using var refused = await node.PostAsync("/events/clicks", "[{},{}]");
        await ProblemAssert.IsAsync(refused, HttpStatusCode.ServiceUnavailable, "engine-gone", "restart the node");
        Assert.Empty(node.Intake.Events);
        using var scored = await node.PostAsync("/score", """{"card_id":"c","amount":900}""");
        Assert.Contains("\"features_stale\":true", await scored.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_tell_events_lag_entities_scores_and_problems()
    {
        await using var node = await TestNode.StartAsync();
        using var scored = await node.PostAsync("/score", """{"card_id":"c","amount":900}""");
        using var refused = await node.PostAsync("/score", """{"card_id":"c"}""");
        using var appended = await node.PostAsync("/events/clicks", "[{},{}]");
        Assert.Equal(90, await node.MetricAsync("""streaming_events_applied_total{topic="transactions",partition="0"}"""));
        Assert.Equal(1, await node.MetricAsync("""streaming_dead_letters_total{topic="transactions",partition="0"}"""));
        Assert.Equal(10, await node.MetricAsync("""streaming_lag_events{topic="transactions",partition="0"}"""));
        Assert.True(await node.MetricAsync("""streaming_lag_seconds{topic="transactions",partition="0"}""") > 86_400);
        Assert.True(await node.MetricAsync("""streaming_lag_event_time_seconds{topic="transactions",partition="0"}""") > 86_400);
        Assert.Equal(1000, await node.MetricAsync("""streaming_state_bytes{entity="card"}"""));
        Assert.Equal(3, await node.MetricAsync("""streaming_checkpoint_age_seconds{entity="card"}"""));
        Assert.Equal(2, await node.MetricAsync("""streaming_checkpoint_duration_seconds{entity="card"}"""));
        Assert.Equal(4_000, await node.MetricAsync("""streaming_checkpoint_bytes_total{entity="card"}"""));
        Assert.Equal(5, await node.MetricAsync("""streaming_dirty_entities{entity="card"}"""));
        Assert.Equal(90, await node.MetricAsync("""streaming_restart_events{topic="transactions",partition="0"}"""));
        Assert.Equal(1, await node.MetricAsync("""streaming_scores_total{decision="decline"}"""));
        Assert.Equal(1, await node.MetricAsync("streaming_score_seconds_count"));
        Assert.Equal(2, await node.MetricAsync("""streaming_events_received_total{topic="clicks"}"""));
        Assert.Equal(1, await node.MetricAsync("""streaming_http_problems_total{problem="missing-field",status="400"}"""));
    }

    [Fact]
    public async Task Status_tells_the_checkpoints_of_each_shard()
    {
        await using var node = await TestNode.StartAsync();
        var checkpoints = JsonDocument.Parse(await node.Client.GetStringAsync("/status")).RootElement.GetProperty("checkpoints");
        Assert.Equal(
            """[{"entity":"card","age_seconds":3,"entities":40,"bytes":4000,"dirty":5,"shards":[{"shard":0,"open":true,"flush":7,"age_seconds":3,"""
            + "\"duration_seconds\":2,\"entities\":40,\"bytes\":4000,\"dirty\":5}]}]",
            checkpoints.GetRawText());
    }

    [Fact]
    public async Task Answers_of_a_node_whose_history_is_too_short_say_since_when_it_has_one()
    {
        await using var node = await TestNode.StartAsync();
        using var whole = await node.PostAsync("/score", """{"card_id":"c","amount":9}""");
        Assert.DoesNotContain("history_from", await whole.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        node.Store.HistoryFrom = new(1_533_081_600_000);
        using var scored = await node.PostAsync("/score", """{"card_id":"c","amount":9}""");
        Assert.Contains("\"history_from\":\"2018-08-01T00:00:00.000Z\"", await scored.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"history_from\":\"2018-08-01T00:00:00.000Z\"", await node.Client.GetStringAsync("/features/card/c"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_tell_what_the_collector_and_the_pool_do()
    {
        await using var node = await TestNode.StartAsync();
        GC.Collect();
        Assert.True(await node.MetricAsync("""dotnet_collection_count_total{generation="2"}""") > 0);
        Assert.True(await node.MetricAsync("dotnet_gc_pause_seconds_total") > 0);
        Assert.True(await node.MetricAsync("dotnet_gc_allocated_bytes_total") > 0);
        Assert.True(await node.MetricAsync("dotnet_gc_committed_bytes") > 0);
        Assert.True(await node.MetricAsync("dotnet_thread_pool_threads") > 0);
        Assert.True(await node.MetricAsync("process_cpu_seconds_total") > 0);
        Assert.True(await node.MetricAsync("process_working_set_bytes") > 0);
    }

    [Fact]
    public async Task Dashboards_and_alerts_ask_only_for_metrics_that_a_node_has()
    {
        await using var node = await TestNode.StartAsync();
        using var scored = await node.PostAsync("/score", """{"card_id":"c","amount":900}""");
        using var refused = await node.PostAsync("/score", "{}");
        var metrics = await node.Client.GetStringAsync("/metrics");
        var there = metrics.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToHashSet();
        var asked = OperationsFiles().SelectMany(file => MetricName().Matches(File.ReadAllText(file)).Select(match => match.Groups["name"].Value)).Distinct().ToArray();
        Assert.Contains("dotnet_gc_pause_seconds_total", asked);
        Assert.Empty(asked.Except(there));
    }

    private static IEnumerable<string> OperationsFiles()
    {
        var operations = Path.Combine(RepositoryRoot.Path, "ops");
        return [.. Directory.EnumerateFiles(Path.Combine(operations, "grafana", "dashboards")), Path.Combine(operations, "prometheus", "rules.yml")];
    }

    // A recorded rule has colons in its name (streaming:scores:rate1m); a histogram is asked for by its buckets.
    [GeneratedRegex(@"\b(?<name>(?:streaming|process|dotnet)_\w+?)(?:_bucket)?\b")]
    private static partial Regex MetricName();

    [Fact]
    public async Task Metrics_tell_the_version_that_runs_and_the_model_that_answers()
    {
        await using var node = await TestNode.StartAsync();
        var text = await node.Client.GetStringAsync("/metrics");
        Assert.Matches("""streaming_node_info\{version="[^"]+",model="fraud@test",service="fraud"\} 1""", text);
    }

    [Fact]
    public async Task The_status_and_its_page_tell_the_version_that_the_metric_has()
    {
        await using var node = await TestNode.StartAsync();
        var version = JsonDocument.Parse(await node.Client.GetStringAsync("/status")).RootElement.GetProperty("version").GetString();
        Assert.Equal(1, await node.MetricAsync($$"""streaming_node_info{version="{{version}}",model="fraud@test",service="fraud"}"""));
        Assert.Contains("at('version').textContent = status.version", await node.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_shows_the_last_scores_with_their_keys_masked()
    {
        await using var node = await TestNode.StartAsync();
        using var first = await node.PostAsync("/score", """{"card_id":"4111111111111111","amount":900}""");
        using var second = await node.PostAsync("/score", """{"card_id":"4222222222222222","amount":1}""");
        var text = await node.Client.GetStringAsync("/status");
        var status = JsonDocument.Parse(text).RootElement;
        Assert.Equal(["****2222", "****1111"], status.GetProperty("last_scores").EnumerateArray().Select(score => score.GetProperty("key").GetString()!));
        Assert.DoesNotContain("11111", text, StringComparison.Ordinal);
        Assert.Equal("fraud@test", status.GetProperty("model").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Only_the_last_twenty_scores_are_kept()
    {
        await using var node = await TestNode.StartAsync();
        var requests = string.Join(',', Enumerable.Range(0, 30).Select(i => $$"""{"card_id":"card_0{{i}}","amount":1}"""));
        using var answer = await node.PostAsync("/score/batch", $"[{requests}]");
        var scores = JsonDocument.Parse(await node.Client.GetStringAsync("/status")).RootElement.GetProperty("last_scores");
        Assert.Equal((20, "****_029"), (scores.GetArrayLength(), scores[0].GetProperty("key").GetString()));
    }

    [Fact]
    public async Task A_paused_partition_says_why()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Statuses[0] = node.Store.Statuses[0] with { State = PartitionState.Paused, Reason = "the registry does not answer" };
        var partition = JsonDocument.Parse(await node.Client.GetStringAsync("/status")).RootElement.GetProperty("partitions")[0];
        Assert.Equal("paused the registry does not answer", $"{partition.GetProperty("state")} {partition.GetProperty("reason")}");
    }

    [Fact]
    public async Task What_is_wrong_with_a_partition_is_told_with_since_when_by_status_and_health()
    {
        await using var node = await TestNode.StartAsync();
        var (since, noticed) = (DateTimeOffset.UnixEpoch.AddDays(20_000), DateTimeOffset.UnixEpoch.AddDays(19_999));
        node.Store.IsReady = false;
        node.Store.Statuses[0] = node.Store.Statuses[0] with
        {
            State = PartitionState.Paused,
            Reason = "no broker",
            PausedSince = since,
            Notice = "3 offsets, 0 to 2, are gone",
            NoticedAt = noticed,
        };
        using var ready = await node.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        string[] answers = [await node.Client.GetStringAsync("/status"), await ready.Content.ReadAsStringAsync()];
        Assert.All(answers, answer =>
        {
            var partition = JsonDocument.Parse(answer).RootElement.GetProperty("partitions")[0];
            Assert.Equal(
                "no broker 2024-10-04T00:00:00.000Z 3 offsets, 0 to 2, are gone 2024-10-03T00:00:00.000Z",
                $"{partition.GetProperty("reason")} {partition.GetProperty("paused_since")} {partition.GetProperty("notice")} {partition.GetProperty("noticed_at")}");
        });
    }

    [Fact]
    public async Task A_node_that_is_ready_tells_what_an_operator_should_know_all_the_same()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Statuses[0] = node.Store.Statuses[0] with { Notice = "3 offsets are gone", NoticedAt = DateTimeOffset.UnixEpoch.AddDays(20_000) };
        Assert.Equal(
            """{"status":"ready","notices":[{"topic":"transactions","partition":0,"notice":"3 offsets are gone","noticed_at":"2024-10-04T00:00:00.000Z"}]}""",
            await node.Client.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task A_node_whose_log_is_away_stays_ready_and_says_so()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.IsCaughtUp = false;
        node.Store.Statuses[0] = node.Store.Statuses[0] with { State = PartitionState.Paused, Reason = "no broker", PausedSince = DateTimeOffset.UnixEpoch.AddDays(20_000) };
        Assert.Equal(
            """{"status":"ready","notices":[{"topic":"transactions","partition":0,"notice":"paused: no broker","noticed_at":"2024-10-04T00:00:00.000Z"}]}""",
            await node.Client.GetStringAsync("/health/ready"));
        Assert.Equal((1, 0), (await node.MetricAsync("streaming_ready"), await node.MetricAsync("streaming_caught_up")));
    }

    [Fact]
    public async Task A_node_whose_store_does_not_work_stays_ready_and_says_so()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.StoreFault = "No space is left on the disk";
        Assert.Equal("""{"status":"ready","store_fault":"No space is left on the disk"}""", await node.Client.GetStringAsync("/health/ready"));
        using var status = JsonDocument.Parse(await node.Client.GetStringAsync("/status"));
        Assert.Equal("No space is left on the disk", status.RootElement.GetProperty("store_fault").GetString());
    }

    [Fact]
    public async Task Events_from_the_future_show_as_a_lag_below_zero()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Statuses[0] = node.Store.Statuses[0] with { Watermark = new Features.Events.EventTime(TimeProvider.System.GetUtcNow().AddHours(23).ToUnixTimeMilliseconds()) };
        Assert.True(await node.MetricAsync("""streaming_lag_event_time_seconds{topic="transactions",partition="0"}""") < -80_000);
    }

    [Fact]
    public async Task The_status_page_fetches_nothing_from_elsewhere()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.Client.GetAsync("/");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("//", page.Replace("</", "<", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_a_page_to_try_the_api()
    {
        await using var node = await TestNode.StartAsync();
        var page = await node.Client.GetStringAsync("/scalar/");
        Assert.Contains("<title>Streaming</title>", page, StringComparison.Ordinal);
        Assert.Contains("openapi/v1.json", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Appended_events_are_answered_with_where_they_went()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/events/clicks", """ [ {"a":[1,{"b":2}]} , {"c":"]"} ] """);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("""{"topic":"clicks","events":[{"partition":2},{"partition":2}]}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal(["""{"a":[1,{"b":2}]}""", """{"c":"]"}"""], node.Intake.Events);
    }
}
