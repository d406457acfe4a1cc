using System.Text.Json;
using Streaming.Cli.Commands;
using Streaming.Cli.Shell;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Node.Admin;

namespace Streaming.Cli.Tests;

/// <summary>Dead letters go back under a node that runs, and every event has a receipt.</summary>
public sealed class ReplaySpec
{
    private const string Card = "4929123412341234";
    private const string Quick = "streaming.engine { unknown-schema-wait = 50ms, checkpoint-interval = 50ms, commit-interval = 50ms }";
    private static readonly long s_start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_dead_letter_goes_back_once_beside_a_node_and_where_tells_both()
    {
        using var cli = new Cli();
        await AppendAsync(cli);
        await using var node = await RunningNode.StartAsync(cli, Quick);
        await Eventually.TrueAsync("set aside", async () => (await JsonAsync(cli, "dead-letters --json")).GetProperty("total").GetInt64() == 2, () => node.Output);

        var dry = await JsonAsync(cli, $"replay dlq --json --dry-run {node.Config}");
        Assert.Equal([("transactions/0/1", "would_be_replayed"), ("transactions/0/2", "still_bad")], Outcomes(dry));
        var first = await JsonAsync(cli, $"replay dlq --json {node.Config}");
        Assert.Equal([("transactions/0/1", "replayed"), ("transactions/0/2", "still_bad")], Outcomes(first));
        Assert.True(first.GetProperty("node_has_read").GetBoolean());
        var second = await JsonAsync(cli, $"replay dlq --json {node.Config}");
        Assert.Equal([("transactions/0/1", "already_replayed"), ("transactions/0/2", "still_bad")], Outcomes(second));
        Assert.Equal("transactions/0/3", second.GetProperty("dead_letters")[0].GetProperty("at").GetString());

        var dead = (await JsonAsync(cli, $"where transactions:0:1 --json {node.Config}")).GetProperty("events")[0];
        Assert.Equal(("future", "transactions/0/3"), (dead.GetProperty("dead_letters")[0].GetProperty("reason").GetString(), dead.GetProperty("replayed_at").GetString()));
        await Eventually.TrueAsync("vouched for", async () => (await WhereAsync(cli, node, "transactions:0:3")).All(entity => entity is ("applied", > 0)), () => node.Output);
        Assert.All(await WhereAsync(cli, node, "ahead"), entity => Assert.Equal("applied", entity.Outcome));

        var table = await cli.RunAsync($"where ahead {node.Config}");
        Assert.Contains("  the replay of transactions/0/1", table.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Card, table.Out, StringComparison.Ordinal);
        Assert.Contains("replayed at", (await cli.RunAsync("dead-letters")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_live_is_what_the_log_gives()
    {
        using var cli = new Cli();
        await AppendAsync(cli);
        await using var node = await RunningNode.StartAsync(cli, Quick);
        await Eventually.TrueAsync("applied", async () => (await WhereAsync(cli, node, "good")).All(entity => entity.Outcome == "applied"), () => node.Output);
        var answer = await JsonAsync(cli, $"replay from beginning --verify --json {node.Config}");
        Assert.Equal((3, 2, 0), (answer.GetProperty("events").GetInt64(), answer.GetProperty("entities").GetInt64(), answer.GetProperty("differences").GetArrayLength()));
        Assert.EndsWith("no difference\n", (await cli.RunAsync($"replay from beginning --verify {node.Config}")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generation_is_built_beside_the_live_one_and_the_switch_can_be_undone()
    {
        using var cli = new Cli();
        await AppendAsync(cli);
        await using (var node = await RunningNode.StartAsync(cli, Quick))
        {
            await Eventually.TrueAsync("applied", async () => (await WhereAsync(cli, node, "good")).All(entity => entity is ("applied", > 0)), () => node.Output);
            var built = await JsonAsync(cli, $"replay from beginning --json {node.Config}");
            Assert.Equal(("switched", 2, 3), (built.GetProperty("phase").GetString(), built.GetProperty("generation").GetInt64(), built.GetProperty("events").GetInt64()));
            await AssertLiveAsync(cli, node, 1);
            await AppendAsync(cli, "better");
            await Eventually.TrueAsync("goes on", async () => (await WhereAsync(cli, node, "better")).All(entity => entity is ("applied", > 0)), () => node.Output);
            await AssertLiveAsync(cli, node, 2);

            var undone = await JsonAsync(cli, $"replay from --undo --json {node.Config}");
            Assert.Equal(1, undone.GetProperty("generation").GetInt64());
            await AssertLiveAsync(cli, node, 2);
            Assert.Contains("there is no generation to go back to", (await cli.RunAsync($"replay from --undo {node.Config}")).Fault, StringComparison.Ordinal);

            await JsonAsync(cli, $"replay from transactions:0:3 --json {node.Config}");
            await AssertLiveAsync(cli, node, 1, isWhole: false);
            using var client = new HttpClient { BaseAddress = node.Url };
            var status = await client.GetStringAsync(new Uri("status", UriKind.Relative));
            Assert.Contains("windows that reach further back lack them", status, StringComparison.Ordinal);
            Assert.Contains("\"history_from\":\"20", status, StringComparison.Ordinal);
            Assert.Contains("\"checkpoints\":[{", status, StringComparison.Ordinal);
        }

        // The pointer says which one answers after a restart, and where it began.
        await using var again = await RunningNode.StartAsync(cli, Quick);
        await Eventually.TrueAsync("applied", async () => (await WhereAsync(cli, again, "good")).All(entity => entity.Outcome == "applied"), () => again.Output);
        await AssertLiveAsync(cli, again, 1, isWhole: false);
    }

    // The answer counts the event that is read with it.
    private static async Task AssertLiveAsync(Cli cli, RunningNode node, int events, bool isWhole = true)
    {
        using var client = new HttpClient { BaseAddress = node.Url };
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri($"features/card/{Card}?at=2024-01-01T01:00:00Z", UriKind.Relative)));
        Assert.Equal(events, answer.RootElement.GetProperty("features").GetProperty("card_activity.tx_count_1d").GetProperty("value").GetDouble());
        var verified = await cli.RunAsync($"replay from beginning --verify {node.Config}");
        Assert.Equal(isWhole ? ExitCode.Ok : ExitCode.Different, verified.Code);
    }

    [Fact]
    public async Task Without_a_node_the_snapshots_answer_and_what_they_lack_is_still_ahead()
    {
        using var cli = new Cli();
        await AppendAsync(cli);
        await AppendAsync(cli);
        string config;
        await using (var node = await RunningNode.StartAsync(cli, Quick))
        {
            config = node.Config;
            await Eventually.TrueAsync("vouched for", async () => (await WhereAsync(cli, node, "good")).All(entity => entity is ("duplicate", > 0)), () => node.Output);
        }

        await AppendAsync(cli);
        var answer = await JsonAsync(cli, $"where good --json {config}");
        Assert.Equal(
            ["applied", "duplicate", "ahead"],
            Read(answer).Select(each => each.GetProperty("entities")[0].GetProperty("outcome").GetString()));
        Assert.Contains("no node runs", answer.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await cli.RunAsync("where transactions:0:99")).Code);
        var nothing = await cli.RunAsync("where nothing");
        Assert.Equal(ExitCode.Failed, nothing.Code);
        Assert.Contains("no such event", nothing.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay dlq --since yesterday", "--since is 'yesterday'")]
    [InlineData("replay from 2024-01-01T00:00:00Z --verify", "--verify compares with the whole log")]
    [InlineData("replay from", "expected one of FROM and --undo")]
    [InlineData("replay from yesterday", "FROM is 'yesterday'")]
    [InlineData("where transactions:9:1", "the log has no transactions[9]")]
    [InlineData("where payments:0:1", "no feature view reads a topic payments")]
    [InlineData("where e --topic payments", "--topic is 'payments', expected one of ")]
    [InlineData("where transactions:0:1 --topic transactions", "--topic and --since narrow the search of an id")]
    [InlineData("where transactions:-1:1", "EVENT is 'transactions:-1:1', expected an event's id, or topic:partition:offset")]
    [InlineData("where transactions:0:-1", "EVENT is 'transactions:0:-1', expected")]
    [InlineData("where transactions:0", "EVENT is 'transactions:0', expected")]
    [InlineData("where nope:-1:1", "EVENT is 'nope:-1:1', expected")]
    [InlineData("where :x", "EVENT is ':x', expected")]
    [InlineData("replay dlq --reason bogus", "--reason is 'bogus', expected one of empty, bad_magic, unknown_schema, ")]
    [InlineData("replay dlq --reason futur", "; did you mean 'future'?")]
    [InlineData("replay dlq --topic nope", "--topic is 'nope', expected one of clicks, labels, scores, transactions")]
    [InlineData("replay dlq --since 2024-01-02T00:00:00Z --until 2024-01-01T00:00:00Z", "--until is '2024-01-01T00:00:00Z', expected a time after --since")]
    [InlineData("replay dlq --since 2024-01-02T00:00:00Z --until 2024-01-02T00:00:00Z", "expected a time after --since")]
    [InlineData("replay from transactions:-1:1", "FROM is 'transactions:-1:1'")]
    public async Task A_wrong_word_is_named(string line, string expected)
    {
        using var cli = new Cli();
        await AppendAsync(cli);
        var answer = await cli.RunAsync(line);
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_event_without_a_name_is_refused(string text)
    {
        var refusal = Assert.Throws<CliFailure>(() => EventArgument.PlaceOf(text, ["transactions"]));
        Assert.Equal(ExitCode.Usage, refusal.Code);
        Assert.Contains("EVENT is empty", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8f14e45f-ceea-467f-a8b2")]
    [InlineData("urn:uuid:8f14e45f")]
    [InlineData("a/b")]
    public void An_id_may_have_colons_and_slashes(string id) => Assert.Null(EventArgument.PlaceOf(id, ["transactions"]));

    [Fact]
    public void Every_reason_can_be_asked_for() => Assert.Equal(
        typeof(DeadLetterReason).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(),
        DeadLetterReason.All.Order());

    [Fact]
    public async Task While_the_store_is_away_where_still_tells_what_the_log_has()
    {
        using var cli = new Cli();
        await AppendAsync(cli);
        await using (var node = await RunningNode.StartAsync(cli, Quick))
        {
            await Eventually.TrueAsync("set aside", async () => (await JsonAsync(cli, "dead-letters --json")).GetProperty("total").GetInt64() == 2, () => node.Output);
            await JsonAsync(cli, $"replay dlq --json {node.Config}");
        }

        // Port 1 of the loopback: nothing listens there.
        await File.WriteAllTextAsync(cli.PathOf("away.hocon"), "streaming.redis { connection = \"127.0.0.1:1\", connect-timeout = 200ms, call-timeout = 200ms }");
        var answer = await cli.RunAsync($"where transactions:0:1 --json --config {cli.PathOf("away.hocon")}");
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.Contains("where: Redis 127.0.0.1:1: reading the live generation failed: ", answer.Fault, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(answer.Out);
        Assert.Contains("the rest is from the log", json.RootElement.GetProperty("note").GetString(), StringComparison.Ordinal);
        var dead = json.RootElement.GetProperty("events")[0];
        Assert.Equal(("future", "transactions/0/3"), (dead.GetProperty("dead_letters")[0].GetProperty("reason").GetString(), dead.GetProperty("replayed_at").GetString()));
        var good = await cli.RunAsync($"where good --config {cli.PathOf("away.hocon")}");
        Assert.Contains("transactions/0/0", good.Out, StringComparison.Ordinal);
        Assert.Contains("not known", good.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_replay_is_told_that_one_is_running_and_a_wrong_request_what_is_expected()
    {
        using var cli = new Cli();
        await AppendAsync(cli);
        await using var node = await RunningNode.StartAsync(cli, Quick);
        await Eventually.TrueAsync("applied", async () => (await WhereAsync(cli, node, "good")).All(entity => entity is ("applied", > 0)), () => node.Output);
        var (token, address) = new AdminFiles(cli.Data).Read()!.Value;
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await AssertProblemAsync(client, "replay?from=transactions:-1:1", 400, "from is 'transactions:-1:1', expected beginning, topic:partition:offset or ");
        await AssertProblemAsync(client, "replay?from=nope:0:1", 400, "no feature view reads a topic nope; there are ");
        await AssertProblemAsync(client, "replay?from=transactions:0:99", 400, "the log has no transactions/0/99");
        await AssertProblemAsync(client, "replay?from=9999-01-01T00:00:00Z", 400, "the log has no event at or after");
        var wrong = await cli.RunAsync($"replay from nope:0:1 {node.Config}");
        Assert.Equal(ExitCode.Usage, wrong.Code);
        Assert.Contains("no feature view reads a topic nope", wrong.Fault, StringComparison.Ordinal);

        using var begun = await client.PostAsync(new Uri("replay?from=beginning", UriKind.Relative), null);
        begun.EnsureSuccessStatusCode();
        await AssertProblemAsync(client, "replay?from=beginning", 409, "a replay is running; wait until it has ended");
        var second = await cli.RunAsync($"replay from beginning {node.Config}");
        Assert.Equal(ExitCode.Unreachable, second.Code);
        Assert.Contains("the node refuses (409): a replay is running", second.Fault, StringComparison.Ordinal);
        using var ended = await client.DeleteAsync(new Uri("replay", UriKind.Relative));
    }

    private static async Task AssertProblemAsync(HttpClient client, string path, int status, string detail)
    {
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), null);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.StartsWith(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
    }

    private static async Task<List<(string Outcome, long Flush)>> WhereAsync(Cli cli, RunningNode node, string what)
    {
        var answer = await JsonAsync(cli, $"where {what} --json {node.Config}");
        return
        [
            .. Read(answer).Last().GetProperty("entities").EnumerateArray().Select(entity => (
                entity.GetProperty("outcome").GetString()!,
                entity.GetProperty("flush") is { ValueKind: JsonValueKind.Number } flush ? flush.GetInt64() : 0)),
        ];
    }

    // The cut event has the id somewhere in its bytes, and no entities.
    private static IEnumerable<JsonElement> Read(JsonElement answer) =>
        answer.GetProperty("events").EnumerateArray().Where(each => each.GetProperty("entities").GetArrayLength() > 0);

    private static IEnumerable<(string?, string?)> Outcomes(JsonElement answer) => answer.GetProperty("dead_letters").EnumerateArray()
        .Select(letter => (letter.GetProperty("origin").GetString(), letter.GetProperty("outcome").GetString()));

    private static async Task<JsonElement> JsonAsync(Cli cli, string line)
    {
        var answer = await cli.RunAsync(line);
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        using var json = JsonDocument.Parse(answer.Out);
        return json.RootElement.Clone();
    }

    /// <summary>A good event, one that is ahead of its record, and one that is cut.</summary>
    private static async Task AppendAsync(Cli cli, string id = "good")
    {
        Directory.CreateDirectory(cli.Data);
        var registry = new EmbeddedSchemaRegistry(Path.Combine(cli.Data, "registry"));
        var schema = Assert.IsType<RegistryResult<int>.Found>(await registry.RegisterAsync(EventSchemas.SubjectOf(EventSchemas.Transactions), EventSchemas.Transaction, CancellationToken.None)).Value;
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(cli.Data, "events.db")));
        await log.CreateTopicAsync(EventSchemas.Transactions, 4, CancellationToken.None);
        await log.CreateTopicAsync(EventSchemas.DeadLetters, 1, CancellationToken.None);
        var (writer, records) = (RecordWriter.Compile<Transaction>(EventSchemas.Transaction), new RecordBatch());
        var transaction = new Transaction { EventId = id, CardId = Card, TerminalId = "t", Amount = 1, Ts = new EventTime(s_start) };
        foreach (var (each, cut) in new[] { (transaction, 0), (transaction with { EventId = "ahead", Ts = new EventTime(s_start + 86_400_000) }, 0), (transaction, 3) })
        {
            var value = new AvroBuffer();
            writer.Write(each, schema, value);
            records.Add(0, s_start, "4929123412341234"u8, value.Written[..^cut]);
        }

        await log.AppendAsync(new TopicPartition(EventSchemas.Transactions, 0), records, CancellationToken.None);
    }
}
