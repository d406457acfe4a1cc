using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Cli.Shell;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Cli.Tests;

/// <summary><c>streaming explain</c> and <c>streaming whatif</c> on the answers of a node that was restarted.</summary>
public sealed class ExplainSpec : IClassFixture<ExplainSpec.AnsweredNode>
{
    private readonly AnsweredNode _node;

    public ExplainSpec(AnsweredNode node) => _node = node;

    [Fact]
    public async Task Every_answer_of_two_lives_of_a_node_is_the_same_bit_for_bit()
    {
        var answer = await _node.Cli.RunAsync("explain --json");
        Assert.True(answer.Code == ExitCode.Ok, answer.Out + answer.Error);
        using var json = JsonDocument.Parse(answer.Out);
        Assert.Equal(AnsweredNode.Answers, json.RootElement.GetProperty("answers").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("different").GetInt32());

        // Of an entity that was not in memory, or was written all the time, what it had applied is not logged.
        Assert.InRange(json.RootElement.GetProperty("same").GetInt32(), AnsweredNode.Answers - 20, AnsweredNode.Answers);
        Assert.InRange(_node.Scores.Count(IsExact), AnsweredNode.Answers / 2, AnsweredNode.Answers);
    }

    [Fact]
    public async Task One_answer_is_shown_feature_by_feature()
    {
        var answer = await _node.Cli.RunAsync($"explain {_node.Scores.First(IsExact).ScoreId}");
        Assert.True(answer.Code == ExitCode.Ok, answer.Out + answer.Error);
        Assert.Contains("request.amount", answer.Out, StringComparison.Ordinal);
        Assert.Contains("the same, bit for bit", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_the_log_does_not_give_is_found()
    {
        var real = _node.Scores.Last(IsExact);
        var forged = real with { ScoreId = "forged", Features = real.Features.SetItem(1, real.Features[1] + 1) };
        await _node.AppendAsync(forged);
        var answer = await _node.Cli.RunAsync("explain forged");
        Assert.Equal(ExitCode.Different, answer.Code);
        Assert.Contains("1 difference", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_known_is_needed_to_derive_an_answer()
    {
        // As if no event of any entity had been applied.
        var real = _node.Scores.Last(score => IsExact(score) && score.Features[1] > 0);
        await _node.AppendAsync(real with { ScoreId = "nothing-known", Known = """{"card":{},"terminal":{}}""" });
        var answer = await _node.Cli.RunAsync("explain nothing-known");
        Assert.Equal(ExitCode.Different, answer.Code);
    }

    [Fact]
    public async Task Where_it_is_not_known_what_was_applied_a_wrong_guess_gives_no_score()
    {
        var real = _node.Scores.Last(score => IsExact(score) && score.Features[1] > 0);
        await _node.AppendAsync(real with { ScoreId = "unknown", Known = null });
        var answer = await _node.Cli.RunAsync("explain unknown --json");
        Assert.True(answer.Code == ExitCode.Ok, answer.Out + answer.Error);
        var root = JsonDocument.Parse(answer.Out).RootElement;
        Assert.Contains("what it had applied was not logged", root.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("derived").GetProperty("score").ValueKind);
    }

    [Fact]
    public async Task Answers_of_another_version_are_compared_by_their_features()
    {
        var real = _node.Scores.First(IsExact);
        await _node.AppendAsync(real with { ScoreId = "other-version", ModelVersion = "0000" });
        var answer = await _node.Cli.RunAsync("explain other-version");
        Assert.Equal(ExitCode.Ok, answer.Code);
        Assert.Contains("the model fraud@0000 is not here", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thresholds_change_decisions_and_money()
    {
        var answer = await _node.Cli.RunAsync("whatif --threshold 0,0 --json");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        using var json = JsonDocument.Parse(answer.Out);
        var (answers, now) = (json.RootElement.GetProperty("answers").GetInt64(), json.RootElement.GetProperty("now"));
        Assert.Equal(answers, now.GetProperty("decisions").GetProperty("decline").GetInt64());
        Assert.True(now.GetProperty("caught").GetDouble() > 0);
        Assert.True(now.GetProperty("blocked_wrongly").GetDouble() > 0);
        Assert.Equal(0, now.GetProperty("missed").GetDouble());
    }

    [Fact]
    public async Task The_same_model_changes_nothing_whether_its_features_are_logged_or_computed_again()
    {
        foreach (var line in (string[])["whatif", "whatif --service fraud", "whatif --model fraud"])
        {
            var answer = await _node.Cli.RunAsync(line);
            Assert.True(answer.Code == ExitCode.Ok, answer.Error);
            Assert.Contains("0 decisions changed", answer.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("explain nobody", "no answer with the id nobody")]
    [InlineData("explain --since 2026-01-02T00:00:00Z --until 2026-01-01T00:00:00Z", "--since is not before --until")]
    [InlineData("explain --since 2001-01-01T00:00:00Z --until 2001-01-02T00:00:00Z", "no answer of the model fraud")]
    [InlineData("whatif --threshold 0.8,0.3", "the smaller one first")]
    [InlineData("whatif --threshold often", "--threshold is 'often'")]
    [InlineData("whatif --service nothing", "--service is 'nothing', and no model")]
    [InlineData("whatif --model propensity", "the answers of fraud are about transactions, and the model propensity scores clicks")]
    [InlineData("whatif --service propensity", "scores clicks")]
    [InlineData("whatif --model nobody", "there is no model 'nobody'")]
    public async Task What_cannot_be_asked_is_told(string line, string expected)
    {
        var answer = await _node.Cli.RunAsync(line);
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    private static bool IsExact(Score score) => score.Known!.Contains("card", StringComparison.Ordinal) && score.Known.Contains("terminal", StringComparison.Ordinal);

    /// <summary>A data directory on which two nodes have answered, one after the other.</summary>
    public sealed class AnsweredNode : IAsyncLifetime, IDisposable
    {
        /// <summary>Scores of both lives.</summary>
        public const int Answers = 120;

        private const string Settings = "streaming.engine { unknown-schema-wait = 50ms, checkpoint-interval = 50ms, commit-interval = 50ms }";

        internal Cli Cli { get; } = new();

        /// <summary>What was logged, oldest first.</summary>
        public ImmutableArray<Score> Scores { get; private set; }

        /// <inheritdoc/>
        public async Task InitializeAsync()
        {
            Directory.CreateDirectory(Cli.Data);
            await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(Cli.Data, "events.db")));
            var traffic = await AwkwardTraffic.CreateAsync(log, Path.Combine(Cli.Data, "registry"));
            for (var life = 0; life < 2; life++)
            {
                await using var node = await RunningNode.StartAsync(Cli, Settings);
                using var client = new HttpClient { BaseAddress = node.Url };
                await Eventually.TrueAsync("ready", async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, () => node.Output);
                await traffic.RunAsync(client);
                if (life == 1)
                {
                    await traffic.RunAsync(client);
                }
            }

            var scores = new List<Score>();
            await foreach (var score in new ScoreReader(log, Registry).ReadAsync(0, long.MaxValue, CancellationToken.None))
            {
                scores.Add(score);
            }

            Scores = [.. scores.OrderBy(static score => score.AnsweredAt.Millis)];
            Assert.Equal(Answers, Scores.Length);
        }

        /// <summary>Writes an answer as another program could.</summary>
        public async Task AppendAsync(Score score)
        {
            // Long ago, so that no other test comes upon it.
            score = score with { AnsweredAt = new(1) };
            await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(Cli.Data, "events.db")));
            var id = Assert.IsType<RegistryResult<int>.Found>(
                await Registry.RegisterAsync(EventSchemas.SubjectOf(EventSchemas.Scores), EventSchemas.Score, CancellationToken.None)).Value;
            var (records, value) = (new RecordBatch(), new AvroBuffer());
            RecordWriter.Compile<Score>(EventSchemas.Score).Write(score, id, value);
            records.Add(0, score.AnsweredAt.Millis, "x"u8, value.Written);
            await log.AppendAsync(EventSchemas.Scores, records, CancellationToken.None);
        }

        /// <inheritdoc/>
        public Task DisposeAsync() => Task.CompletedTask;

        /// <inheritdoc/>
        public void Dispose() => Cli.Dispose();

        private EmbeddedSchemaRegistry Registry => new(Path.Combine(Cli.Data, "registry"));
    }
}
