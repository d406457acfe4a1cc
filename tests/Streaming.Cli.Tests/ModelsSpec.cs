using System.Text.Json;
using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Tests;

public sealed class ModelsSpec : IDisposable
{
    private readonly Cli _cli = new();

    public ModelsSpec() => _cli["USER"] = "ada";

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_version_is_registered_promoted_rolled_back_and_archived()
    {
        await RegisterAsync(1);
        await RegisterAsync(2);
        await OkAsync("models promote fraud 1", "version 1 of 'fraud' is the champion now; there was none before");
        await OkAsync("models promote fraud latest --alias challenger", "version 2 of 'fraud' is the challenger now; there was none before");
        await OkAsync("models promote fraud challenger", "version 2 of 'fraud' is the champion now; before: version 1");
        var show = (await _cli.RunAsync("models show fraud --version champion")).Out;
        Assert.Contains("champion set", show, StringComparison.Ordinal);
        Assert.Contains("by ada, before: version 1", show, StringComparison.Ordinal);
        await OkAsync("models rollback fraud", "version 1 of 'fraud' is the champion now; before: version 2");
        await RefusedAsync("models rollback fraud", "no version of 'fraud' was the champion before");
        await RefusedAsync("models archive fraud 1", "version 1 of 'fraud' is the champion; promote another version first");
        await OkAsync("models promote fraud 1 --alias challenger", "is the challenger now");
        await OkAsync("models archive fraud 2", "version 2 of 'fraud' is archived");
        await RefusedAsync("models promote fraud 2", "by ada) and cannot be the champion");
        await RefusedAsync("models archive fraud 2", "is archived already (");
        Assert.Contains("(archived)", (await _cli.RunAsync("models list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facts_of_versions_are_listed_and_compared()
    {
        await RegisterAsync(1);
        var gate = await GateAsync(2, passed: "true");
        await RegisterAsync(2, "--gate " + _cli.PathOf("gate.json"));
        using var list = JsonDocument.Parse((await _cli.RunAsync("models list --json")).Out);
        var versions = Assert.Single(list.RootElement.EnumerateArray()).GetProperty("versions");
        Assert.Equal(2, versions.GetArrayLength());
        var tags = versions[1].GetProperty("tags");
        Assert.Equal(gate, tags.GetProperty(VersionTags.Gate).GetString());
        Assert.Equal("true", tags.GetProperty(VersionTags.Baseline).GetString());
        Assert.Matches("^[0-9a-f]{32}$", tags.GetProperty(VersionTags.Definitions).GetString());
        Assert.Equal("ada", versions[1].GetProperty("user").GetString());
        using var diff = JsonDocument.Parse((await _cli.RunAsync("models diff fraud 1 2 --json")).Out);
        Assert.Equal(["file_sha256", "gate", "training_fingerprint"], diff.RootElement.EnumerateArray().Select(each => each.GetProperty("what").GetString()));
        Assert.Contains("versions 1 and 1 of 'fraud' have the same facts", (await _cli.RunAsync("models diff fraud 1 1")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models show frud", "there is no registered model 'frud'; did you mean 'fraud'?")]
    [InlineData("models show ../fraud", "there is no registered model '../fraud'; there are fraud")]
    [InlineData("models promote fraud 7", "the model 'fraud' has no version 7; there are 1")]
    [InlineData("models promote fraud best", "the model 'fraud' has no version 'best'; expected a number, latest or an alias: it has no aliases yet")]
    [InlineData("models promote fraud 1 --alias 1", "the alias is '1', expected")]
    [InlineData("models promote fraud 1 --alias v1", "the alias is 'v1', expected")]
    [InlineData("models diff fraud 1 challenger", "has no version 'challenger'")]
    [InlineData("models register nothing.onnx --model fraud", "model nothing.onnx: there is no such file")]
    [InlineData("models register nothing.onnx --model frud", "there is no model 'frud'; did you mean 'fraud'?")]
    public async Task What_is_not_there_is_told(string line, string expected)
    {
        await RegisterAsync(1);
        var answer = await _cli.RunAsync(line);
        Assert.NotEqual(ExitCode.Ok, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_of_another_service_or_of_other_features_is_not_promoted()
    {
        await RegisterAsync(1);
        await File.WriteAllTextAsync(_cli.PathOf("m.conf"), "");
        var registry = new ModelFolder(new RegistryFolder(Path.Combine(_cli.Data, "models"), TimeProvider.System));
        await registry.UpdateVersionAsync("fraud", 1, (_, v) => v with { Tags = v.Tags.SetItem(VersionTags.Features, """["a","b"]""") }, default);
        await RefusedAsync("models promote fraud 1", "reads 2 features that are not the");
        await registry.UpdateVersionAsync("fraud", 1, (_, v) => v with { Tags = v.Tags.Remove(VersionTags.Features).SetItem(VersionTags.Definitions, "0") }, default);
        await RefusedAsync("models promote fraud 1", "was made for other definitions of the service 'fraud' (fingerprint 0)");
        await registry.UpdateVersionAsync("fraud", 1, (_, v) => v with { Tags = v.Tags.SetItem(VersionTags.FeatureService, "propensity") }, default);
        await RefusedAsync("models promote fraud 1", "is of the feature service 'propensity', but the model is declared with 'fraud'");
    }

    [Theory]
    [InlineData(2, "true", "it is the result of another file")]
    [InlineData(1, "false", "the file did not pass the gate")]
    [InlineData(0, "true", "it is no result of the admission gate")]
    public async Task A_result_of_the_gate_that_does_not_admit_the_file_is_refused(int seed, string passed, string says)
    {
        await GateAsync(seed, passed);
        SmallModel.Write(_cli.PathOf("m.onnx"), 1);
        var answer = await _cli.RunAsync($"models register {_cli.PathOf("m.onnx")} --model fraud --gate {_cli.PathOf("gate.json")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(says, answer.Fault, StringComparison.Ordinal);
        Assert.Contains("has no models yet", (await _cli.RunAsync("models list")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "is not what was registered")]
    [InlineData(false, "is gone")]
    public async Task A_version_whose_file_is_damaged_is_not_promoted(bool isThere, string says)
    {
        await RegisterAsync(1);
        var file = new ModelFolder(new RegistryFolder(Path.Combine(_cli.Data, "models"), TimeProvider.System)).PathOf("fraud", 1);
        File.Delete(file);
        if (isThere)
        {
            await File.WriteAllTextAsync(file, "damaged");
        }

        await RefusedAsync("models promote fraud 1", says);
    }

    [Fact]
    public async Task A_file_of_other_features_is_not_registered()
    {
        SmallModel.Write(_cli.PathOf("x.onnx"), 1, features: ["request.amount", "other"]);
        var answer = await _cli.RunAsync($"models register {_cli.PathOf("x.onnx")} --model fraud");
        Assert.Contains("reads other features than the service has", answer.Fault, StringComparison.Ordinal);
        Assert.Contains("has no models yet", (await _cli.RunAsync("models list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_folder_is_told_in_one_line()
    {
        await RegisterAsync(1);
        await File.WriteAllTextAsync(Path.Combine(_cli.Data, "models", "models", "fraud.json"), "{");
        var answer = await _cli.RunAsync("models list");
        Assert.Equal(ExitCode.Failed, answer.Code);
        Assert.Contains("fraud.json is damaged (", Assert.Single(answer.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_serves_the_champion_in_place_of_the_declared_file()
    {
        await RegisterAsync(1);
        await OkAsync("models promote fraud 1", "is the champion now");
        var hash = new ModelFolder(new RegistryFolder(Path.Combine(_cli.Data, "models"), TimeProvider.System)).Require("fraud").Versions[0].Tags[VersionTags.FileHash];
        await using var node = await RunningNode.StartAsync(_cli, "");
        using var client = new HttpClient { BaseAddress = node.Url };
        Assert.Equal($"fraud@{hash[..8]} False", await ScoreAsync(client));

        await RegisterAsync(2);
        await OkAsync("models promote fraud 2", "is the champion now; before: version 1");
        await Eventually.TrueAsync("the other version answers", async () => await ScoreAsync(client) is var model && !model.StartsWith($"fraud@{hash[..8]}", StringComparison.Ordinal) && model.EndsWith("False", StringComparison.Ordinal));
        await OkAsync("models rollback fraud", "version 1 of 'fraud' is the champion now");
        await Eventually.TrueAsync("the first one answers again", async () => await ScoreAsync(client) == $"fraud@{hash[..8]} False");
    }

    private static async Task<string> ScoreAsync(HttpClient client)
    {
        using var content = new StringContent("""{"card_id":"c","terminal_id":"t","amount":5}""", System.Text.Encoding.UTF8, "application/json");
        using var score = JsonDocument.Parse(await (await client.PostAsync("/score", content)).Content.ReadAsStringAsync());
        return $"{score.RootElement.GetProperty("model").GetString()} {score.RootElement.GetProperty("fallback").GetBoolean()}";
    }

    private async Task RegisterAsync(int seed, string options = "")
    {
        SmallModel.Write(_cli.PathOf("m.onnx"), seed);
        await OkAsync($"models register {_cli.PathOf("m.onnx")} --model fraud {options}", " of 'fraud' in ");
    }

    // Seed 0: the result of nothing.
    private async Task<string> GateAsync(int seed, string passed)
    {
        SmallModel.Write(_cli.PathOf("m.onnx"), Math.Max(seed, 1));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(_cli.PathOf("m.onnx"))));
        var gate = seed == 0 ? $$"""{"passed":{{passed}}}""" : $$"""{"sha256":"sha256:{{hash}}","passed":{{passed}}}""";
        await File.WriteAllTextAsync(_cli.PathOf("gate.json"), gate);
        return gate;
    }

    private async Task OkAsync(string line, string expected)
    {
        var answer = await _cli.RunAsync(line);
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        Assert.Contains(expected, answer.Out, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string line, string expected)
    {
        var answer = await _cli.RunAsync(line);
        Assert.Equal((ExitCode.Usage, ""), (answer.Code, answer.Out));
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }
}
