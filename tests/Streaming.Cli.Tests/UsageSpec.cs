using Microsoft.Extensions.Time.Testing;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

/// <summary>A wrong command line is answered in one line on standard error, with exit code 2 and the way out.</summary>
public sealed class UsageSpec
{
    [Theory]
    [InlineData("scroe", "there is no command 'scroe'; did you mean 'score'?")]
    [InlineData("features lst", "features: there is no command 'lst'; did you mean 'list'?")]
    [InlineData("features", "features: a command is missing: one of list, show, get")]
    [InlineData("run --prot 9000", "run: there is no option '--prot'; did you mean '--port'?")]
    [InlineData("run --port=9000 extra", "run: 'extra' is one argument too many")]
    [InlineData("run --port 99999", "--port is '99999', expected a whole number from 0 to 65535")]
    [InlineData("seed --duration 5x", "--duration is '5x', expected a whole number and a unit")]
    [InlineData("seed --history 99999d", "--history is '99999d', expected a whole number and a unit (ms, s, m, h, d), such as 30s or 7d, at most 36500d")]
    [InlineData("score --card-id c --amount 1 --set curency=USD", "a transaction has no field 'curency'; did you mean 'currency'?")]
    [InlineData("score --card-id c --amount 1 --set amount=2", "amount is given twice; give it once")]
    [InlineData("score --card-id c --amount 1 --set mcc", "--set 'mcc': expected FIELD=VALUE")]
    [InlineData("seed --cards none", "--cards is 'none', expected a whole number from 1 to 1000000")]
    [InlineData("seed --rate -1", "--rate is '-1', expected a number from 0")]
    [InlineData("backfill --service s", "Option '--input' is required")]
    [InlineData("ingest", "Required argument 'FILE' missing for command: 'ingest'")]
    [InlineData("ingest x.parquet --topic transaction", "--topic is 'transaction', expected one of transactions, clicks, labels; did you mean 'transactions'?")]
    [InlineData("ingest x.parquet --map card_id", "--map 'card_id': 'card_id' is not of the form field=column")]
    [InlineData("ingest x.parquet --map crd_id=customer_id", "has no field 'crd_id'; did you mean 'card_id'?")]
    [InlineData("ingest x.parquet --speed fast", "--speed is 'fast', expected full, or a multiple of real time")]
    [InlineData("ingest missing.parquet", "missing.parquet: there is no such file")]
    [InlineData("features get card c --node nonsense", "--node is 'nonsense', expected a URL")]
    [InlineData("features show card_activty", "there is no feature view, feature or service 'card_activty'; did you mean 'card_activity'?")]
    [InlineData("run --seed-rate 5", "run: --seed-rate is for simulated events, which need --with-seed; add that, or leave --seed-rate out")]
    [InlineData("run --config nowhere.hocon", "nowhere.hocon: there is no such file")]
    [InlineData("backfill --service handbok --input x.parquet --output o.parquet", "there is no feature service 'handbok'; did you mean 'handbook'?")]
    [InlineData("train fruad", "there is no model 'fruad'; did you mean 'fraud'?")]
    [InlineData("schema check --schemas nowhere", "nowhere: there are no *.avsc files here")]
    public async Task A_mistake_is_named_with_its_fix(string line, string expected)
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync(line);
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Equal("", answer.Out);
        Assert.StartsWith("streaming: ", answer.Fault, StringComparison.Ordinal);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_is_named_with_file_line_and_key()
    {
        using var cli = new Cli();
        await File.WriteAllTextAsync(cli.PathOf("a.hocon"), "streaming.engine {\n  records-per-read = many\n}\nstreaming.htp.listen = \"x\"\n");
        var answer = await cli.RunAsync($"seed --config {cli.PathOf("a.hocon")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("a.hocon:2:", answer.Error, StringComparison.Ordinal);
        Assert.Contains("streaming.engine.records-per-read", answer.Error, StringComparison.Ordinal);
        Assert.Contains("a.hocon:4:", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_definition_is_named_with_file_line_and_column()
    {
        using var cli = new Cli();
        await File.WriteAllTextAsync(
            cli.PathOf("f.conf"),
            "feature-view v {\n  entity = card, source = transactions, key = card_id, time = ts\n  features { n { count = \"*\", ovr = [1d] } }\n}\n");
        cli["STREAMING_FEATURES"] = cli.Folder;
        var answer = await cli.RunAsync("features list");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Matches(@"streaming: FV\d+ \S+f\.conf:3:\d+ ", answer.Error);
        Assert.Contains("over", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("score --card-id c --amount 1")]
    [InlineData("features get card c")]
    public async Task A_node_that_does_not_answer_is_exit_code_3(string line)
    {
        using var cli = new Cli();

        // Port 1 of the loopback: nothing listens there.
        var answer = await cli.RunAsync(line + " --node http://127.0.0.1:1");
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.Contains("no node answers at http://127.0.0.1:1/", answer.Fault, StringComparison.Ordinal);
        Assert.Contains("streaming run", answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_command_is_exit_code_130()
    {
        var clock = new AwaitedTime(DateTimeOffset.UnixEpoch.AddYears(2));
        using var cli = new Cli { Time = clock };
        using var stop = new CancellationTokenSource();
        var file = Tables.Csv(cli, "a.csv", "event_id,card_id,terminal_id,amount,ts\n1,a,b,2,1971-01-01T00:00:01Z\n2,a,b,2,1971-01-01T00:15:00Z\n");
        var ingest = cli.RunAsync($"ingest {file} --speed 1x", stop.Token);
        await clock.FirstWait.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(ingest.IsCompleted);

        await stop.CancelAsync();
        var answer = await ingest;
        Assert.Equal(ExitCode.Interrupted, answer.Code);
        Assert.Contains("interrupted: 1 event is written, up to row 1 of 2; to write the rest, run the same command with --skip 1", answer.Fault, StringComparison.Ordinal);
        Assert.Equal(["1"], (await Records.ReadAsync(cli, "transactions")).Select(e => (string)e["event_id"]!));
    }

    private sealed class AwaitedTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private readonly TaskCompletionSource _firstWait = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when somebody begins to wait for this clock.</summary>
        public Task FirstWait => _firstWait.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _firstWait.TrySetResult();
            return timer;
        }
    }
}
