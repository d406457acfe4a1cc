using System.Text.Json;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

public sealed class TrainSpec
{
    [Fact]
    public async Task A_model_is_trained_exported_compared_and_put_in_the_place_of_the_old_one()
    {
        using var cli = new Cli();
        var file = cli.PathOf("fraud.onnx");
        await File.WriteAllTextAsync(file, "old");
        var answer = await cli.RunAsync($"train fraud --cards 1500 --terminals 400 --days 4 --test-days 2 --output {file} --json");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        using var json = JsonDocument.Parse(answer.Out);
        var parity = json.RootElement.GetProperty("parity");
        Assert.True(parity.GetProperty("within_bound").GetBoolean());
        Assert.True(parity.GetProperty("rows").GetInt32() > 1_000);
        Assert.Equal("fraud", json.RootElement.GetProperty("feature_service").GetString());
        Assert.True(json.RootElement.GetProperty("metrics").GetProperty("auc_roc").GetDouble() > 0.6);
        Assert.True(new FileInfo(file).Length > 1_000, "the old file is still there");
        Assert.False(File.Exists(file + ".candidate"));
    }
}
