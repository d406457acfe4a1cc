using System.Text.Json;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

public sealed class SchemaSpec
{
    private const string V1 = """{"type":"record","name":"Tap","fields":[{"name":"id","type":"string"},{"name":"n","type":"int"}]}""";

    [Fact]
    public async Task The_schemas_of_this_repository_read_every_released_version()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"schema check --schemas {Path.Combine(Cli.RepositoryRoot, "schemas", "events")}");
        Assert.Equal((ExitCode.Ok, ""), (answer.Code, answer.Error));
        Assert.Contains("5 schemas read all", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_field_with_a_default_is_compatible()
    {
        using var cli = Schemas("""{"type":"record","name":"Tap","fields":[{"name":"id","type":"string"},{"name":"n","type":"long"},{"name":"x","type":["null","string"],"default":null}]}""");
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"schema check --schemas {cli.Folder}")).Code);
    }

    [Fact]
    public async Task A_breaking_change_is_named_with_file_version_path_and_fix_and_exit_code_4()
    {
        using var cli = Schemas("""{"type":"record","name":"Tap","fields":[{"name":"id","type":"string"},{"name":"n","type":"string"},{"name":"x","type":"string"}]}""");
        var answer = await cli.RunAsync($"schema check --schemas {cli.Folder}");
        Assert.Equal(ExitCode.Different, answer.Code);
        var lines = answer.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Matches(@"^streaming: \S+Tap\.avsc: cannot read version 1 \(\S+Tap\.v1\.avsc\): Tap\.", line));
        Assert.Contains("give it a default", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_lists_what_is_incompatible()
    {
        using var cli = Schemas("""{"type":"record","name":"Tap","fields":[{"name":"id","type":"string"},{"name":"m","type":"int"}]}""");
        using var json = JsonDocument.Parse((await cli.RunAsync($"schema check --schemas {cli.Folder} --json")).Out);
        var found = Assert.Single(json.RootElement.GetProperty("incompatible").EnumerateArray());
        Assert.Equal(["event", "version", "kind", "path", "what", "fix"], found.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Tap.m", found.GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_wrong_default_is_told_once_also_where_no_released_version_needs_it()
    {
        using var cli = Schemas("""{"type":"record","name":"Tap","fields":[{"name":"id","type":"string"},{"name":"n","type":"int","default":null},{"name":"x","type":"double","default":"abc"}]}""");
        var answer = await cli.RunAsync($"schema check --schemas {cli.Folder}");
        Assert.Equal(ExitCode.Different, answer.Code);
        Assert.Matches(
            @"^streaming: \S+Tap\.avsc: Tap\.n: its default null is not a value of int; .*\nstreaming: \S+Tap\.avsc: Tap\.x: its default ""abc"" is not a value of double; .*\n$", answer.Error);
    }

    [Fact]
    public async Task An_event_without_a_released_version_is_not_compatible_unless_it_is_said_to_be_new()
    {
        using var cli = Schemas(V1);
        Directory.Delete(Path.Combine(cli.Folder, "history"), recursive: true);
        var answer = await cli.RunAsync($"schema check --schemas {cli.Folder}");
        Assert.Equal((ExitCode.Different, ""), (answer.Code, answer.Out));
        Assert.Contains("Tap has no released version to compare with; put the released schema at", answer.Fault, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await cli.RunAsync($"schema check --schemas {cli.Folder} --json")).Out);
        Assert.Equal("Tap", json.RootElement.GetProperty("unreleased")[0].GetString());
        answer = await cli.RunAsync($"schema check --schemas {cli.Folder} --new Tap");
        Assert.Equal((ExitCode.Ok, "1 schema reads all 0 released versions"), (answer.Code, answer.Out.Trim()));
    }

    [Theory]
    [InlineData("Tap")]
    [InlineData("Top")]
    public async Task What_is_not_new_must_not_be_said_to_be(string name)
    {
        using var cli = Schemas(V1);
        var answer = await cli.RunAsync($"schema check --schemas {cli.Folder} --new {name}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains($"--new {name}: there is no event of this name, or it has released versions", answer.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tap.1.avsc", "is named NAME.vN.avsc")]
    [InlineData("Tap.v3.avsc", "version 2 of Tap is missing")]
    [InlineData("Top.v1.avsc", "there is no Top.avsc for it")]
    public async Task A_history_with_a_hole_is_refused(string file, string expected)
    {
        using var cli = Schemas(V1);
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, "history", file), V1);
        var answer = await cli.RunAsync($"schema check --schemas {cli.Folder}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_schema_is_named()
    {
        using var cli = Schemas("{\"type\":\"rec\"");
        var answer = await cli.RunAsync($"schema check --schemas {cli.Folder}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("Tap.avsc: not an Avro schema", answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_names_topic_and_subject()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"schema list --schemas {Path.Combine(Cli.RepositoryRoot, "schemas", "events")} --json");
        using var json = JsonDocument.Parse(answer.Out);
        var transaction = json.RootElement.EnumerateArray().Single(e => e.GetProperty("name").GetString() == "Transaction");
        Assert.Equal(("transactions", "transactions-value"), (transaction.GetProperty("topic").GetString(), transaction.GetProperty("subject").GetString()));
    }

    private static Cli Schemas(string today)
    {
        var cli = new Cli();
        Directory.CreateDirectory(cli.PathOf("history"));
        File.WriteAllText(cli.PathOf("Tap.avsc"), today);
        File.WriteAllText(Path.Combine(cli.Folder, "history", "Tap.v1.avsc"), V1);
        return cli;
    }
}
