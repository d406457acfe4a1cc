using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Offline.Parquet;
using Streaming.Offline.Training;
using Streaming.Simulation.Generators;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Tests;

/// <summary><c>streaming drift</c> on simulated histories, from the seed to the verdict.</summary>
public sealed class DriftSpec : IClassFixture<DriftSpec.TrainedModel>
{
    private readonly TrainedModel _trained;

    public DriftSpec(TrainedModel trained) => _trained = trained;

    [Theory]
    [InlineData("")]
    [InlineData("amounts")]
    [InlineData("activity")]
    public async Task A_world_that_changes_is_found_and_one_that_does_not_is_not(string drift)
    {
        using var cli = _trained.NewCli();
        var features = await TrainedModel.FeaturesAsync(cli, drift);
        var answer = await cli.RunAsync($"drift fraud --input {features} --html {cli.PathOf("drift.html")}");
        Assert.True(answer.Code == (drift.Length == 0 ? ExitCode.Ok : ExitCode.Different), answer.Out + answer.Error);
        Assert.Contains("PSI = sum", answer.Out, StringComparison.Ordinal);
        Assert.Equal(drift.Length > 0, (await File.ReadAllTextAsync(cli.PathOf("drift.html"))).Contains("class=\"significant\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Json_has_a_row_for_each_feature()
    {
        using var cli = _trained.NewCli();
        var answer = await cli.RunAsync($"drift --input {await TrainedModel.FeaturesAsync(cli, "amounts")} --json");
        using var json = JsonDocument.Parse(answer.Out);
        var amount = json.RootElement.GetProperty("features").EnumerateArray().Single(row => row.GetProperty("name").GetString() == "request.amount");
        Assert.True(amount.GetProperty("psi").GetDouble() > 0.25);
    }

    [Theory]
    [InlineData("drift nobody", "there is no model 'nobody'")]
    [InlineData("drift --since 2026-01-02T00:00:00Z --until 2026-01-01T00:00:00Z", "--since is not before --until")]
    [InlineData("drift --input x.parquet --since 2026-01-02T00:00:00Z", "leave them out with --input")]
    [InlineData("drift", "there is no log here")]
    public async Task What_cannot_be_compared_is_told(string line, string expected)
    {
        using var cli = _trained.NewCli();
        var answer = await cli.RunAsync(line);
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    /// <summary>A model that learnt from a small world.</summary>
    public sealed class TrainedModel : IAsyncLifetime, IDisposable
    {
        private const int Cards = 1_500;
        private const int Terminals = 400;
        private const int TrainDays = 14;
        private const int WindowDays = 2;
        private readonly Cli _cli = new();

        public async Task InitializeAsync()
        {
            File.Copy(Path.Combine(Cli.RepositoryRoot, "schemas", "models", "fraud.conf"), _cli.PathOf("fraud.conf"));
            var answer = await _cli.RunAsync(
                $"train fraud --cards {Cards} --terminals {Terminals} --days {TrainDays} --test-days 2 --output {_cli.PathOf("fraud.onnx")}");
            Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        }

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _cli.Dispose();

        internal Cli NewCli()
        {
            var cli = new Cli();
            cli["STREAMING_MODELS"] = _cli.Folder;
            return cli;
        }

        /// <summary>The features of two days of the same world, a week after those of training; its last days may have changed.</summary>
        internal static async Task<string> FeaturesAsync(Cli cli, string drift)
        {
            var catalog = Definitions.Features(Path.Combine(Cli.RepositoryRoot, "schemas", "features"));
            var service = catalog.For(catalog.FindService("fraud")!).Services[0];
            var options = new TransactionGeneratorOptions { Cards = Cards, Terminals = Terminals, Seed = 2, Start = SeedOptions.Epoch };
            var first = new FraudHistory(service, new TransactionGenerator(options)).WarmUpDays + TrainDays + 7;
            var world = options with { Drift = drift.Length == 0 ? SimulatedDrift.None : Enum.Parse<SimulatedDrift>(drift, ignoreCase: true), DriftFromDay = first };
            var set = await Task.Run(() => new FraudHistory(service, new TransactionGenerator(world)).Build(first, WindowDays, _ => { }, CancellationToken.None));
            var columns = set.FeatureNames.Select((name, column) =>
                ParquetColumn.Of(name, [.. Enumerable.Range(0, set.Rows).Select(row => set.Row(row)[column])]));
            ParquetTableWriter.Write(cli.PathOf("features.parquet"), [.. columns], set.Rows);
            return cli.PathOf("features.parquet");
        }
    }
}
