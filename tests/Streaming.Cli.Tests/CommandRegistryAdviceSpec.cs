using Streaming.Cli.Shell;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Cli.Tests;

/// <summary>A command that writes events says once where the registry holds their schemas to less than a replay needs.</summary>
public sealed class CommandRegistryAdviceSpec
{
    private const string Advice = "the schema registry holds transactions-value to BACKWARD";

    [Theory]
    [InlineData("ingest t.csv")]
    [InlineData("seed --cards 5 --terminals 5 --history 1d --duration 1s --rate 0")]
    public async Task A_registry_that_compares_with_the_latest_version_alone_is_warned_of_once(string line)
    {
        using var cli = new Cli();
        var table = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,a,b,2,2020-01-01\n");
        var command = line.Replace("t.csv", table, StringComparison.Ordinal);
        var registry = new EmbeddedSchemaRegistry(Path.Combine(cli.Data, "registry"));
        await registry.SetLevelAsync("transactions-value", CompatibilityLevel.BackwardTransitive, CancellationToken.None);
        var silent = await cli.RunAsync(command);
        Assert.DoesNotContain("the schema registry holds", silent.Error, StringComparison.Ordinal);

        await registry.SetLevelAsync("transactions-value", CompatibilityLevel.Backward, CancellationToken.None);
        var answer = await cli.RunAsync(command);
        Assert.Equal(ExitCode.Ok, answer.Code);
        Assert.Equal(2, answer.Error.Split(Advice).Length);
    }
}
