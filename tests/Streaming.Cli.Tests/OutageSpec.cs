using Microsoft.Data.Sqlite;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

/// <summary>What is away is named in one line, with the setting or the way out, and an exit code that says whether to try again.</summary>
public sealed class OutageSpec
{
    private const string Row = "event_id,card_id,terminal_id,amount,ts\n1,a,b,2,2020-01-01\n";

    // Port 1 of the loopback: nothing listens there.
    private const string ClosedPort = "127.0.0.1:1";

    [Theory]
    [InlineData("ingest t.csv")]
    [InlineData("seed --cards 5 --terminals 5 --history 1d --duration 1s")]
    [InlineData("run --port 0")]
    public async Task A_broker_out_of_reach_is_exit_code_3_within_the_request_timeout_that_is_set(string line)
    {
        using var cli = new Cli();
        var table = Tables.Csv(cli, "t.csv", Row);
        await File.WriteAllTextAsync(cli.PathOf("a.hocon"), $"streaming.kafka {{ bootstrap.servers = \"{ClosedPort}\", request-timeout = 200ms }}");
        var answer = await cli.RunAsync($"{line.Replace("t.csv", table, StringComparison.Ordinal)} --config {cli.PathOf("a.hocon")}").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.Contains(ClosedPort, answer.Fault, StringComparison.Ordinal);
        Assert.StartsWith("streaming: ", answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redis_out_of_reach_is_told_while_it_is_waited_for()
    {
        using var cli = new Cli();
        await File.WriteAllTextAsync(
            cli.PathOf("a.hocon"), $"streaming.redis {{ connection = \"{ClosedPort}\", connect-timeout = 2s, call-timeout = 200ms }}");
        var answer = await cli.RunAsync($"run --port 0 --config {cli.PathOf("a.hocon")}").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.StartsWith($"Redis {ClosedPort}: not connected yet: Connection refused. ", answer.Error, StringComparison.Ordinal);
    }

    /// <summary>Not so for a node: it starts, and each partition waits and says why (the engine's OutageSpec).</summary>
    [Fact]
    public async Task A_registry_out_of_reach_is_exit_code_3()
    {
        using var cli = new Cli();
        cli["SCHEMA_REGISTRY_URL"] = $"http://{ClosedPort}";
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", Row)}").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.Contains(ClosedPort, answer.Fault, StringComparison.Ordinal);
        Assert.StartsWith("streaming: ", answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_another_process_holds_is_exit_code_3_after_the_busy_timeout_that_is_set()
    {
        using var cli = new Cli();
        var table = Tables.Csv(cli, "t.csv", Row);
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"ingest {table}")).Code);
        using var other = new SqliteConnection($"Data Source={Path.Combine(cli.Data, "events.db")};Pooling=False");
        other.Open();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();

        await File.WriteAllTextAsync(cli.PathOf("a.hocon"), "streaming.log.embedded.busy-timeout = 50ms");
        var answer = await cli.RunAsync($"ingest {table} --config {cli.PathOf("a.hocon")}").WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(ExitCode.Unreachable, answer.Code);
        Assert.Contains("raise streaming.log.embedded.busy-timeout", answer.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest t.csv")]
    [InlineData("run --port 0")]
    public async Task A_property_of_librdkafka_that_does_not_exist_is_named_with_its_place(string line)
    {
        using var cli = new Cli();
        var table = Tables.Csv(cli, "t.csv", Row);
        await File.WriteAllTextAsync(cli.PathOf("a.hocon"), "streaming.kafka {\n  properties { \"fetch.wait.mx.ms\" = 5, \"group.id\" = mine }\n}");
        var answer = await cli.RunAsync($"{line.Replace("t.csv", table, StringComparison.Ordinal)} --config {cli.PathOf("a.hocon")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("a.hocon:2:16 streaming.kafka.properties.\"fetch.wait.mx.ms\" is not a setting; did you mean", answer.Error, StringComparison.Ordinal);
        Assert.Contains("a.hocon:2:40 streaming.kafka.properties.\"group.id\" cannot be set here", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Properties_that_do_not_go_together_are_a_mistake_in_librdkafkas_words()
    {
        using var cli = new Cli();
        await File.WriteAllTextAsync(
            cli.PathOf("a.hocon"),
            "streaming.kafka { bootstrap.servers = \"127.0.0.1:1\", security.protocol = ssl, properties { \"ssl.ca.location\" = \"/nowhere.pem\" } }");
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", Row)} --config {cli.PathOf("a.hocon")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("ssl.ca.location", answer.Fault, StringComparison.Ordinal);
        Assert.Contains("streaming.kafka.properties", answer.Fault, StringComparison.Ordinal);
    }
}
