namespace Streaming.Cli.Tests;

/// <summary>Help is what users read: every page is a golden file. STREAMING_RENEW_GOLDEN=1 writes them anew; the diff is reviewed.</summary>
public sealed class HelpSpec
{
    public static TheoryData<string> Pages =>
    [
        "", "run", "seed", "ingest", "backfill", "features", "features list", "features show", "features get", "score", "dead-letters", "replay", "replay dlq", "replay from", "where", "log", "log size", "log check", "log accept-loss", "dataset", "lake", "lake export", "lake compact", "lake ls", "schema", "schema list", "schema check", "drift", "train", "models", "models list", "models show", "models diff", "models check", "models register", "models promote", "models rollback", "models archive", "models gate", "explain", "whatif",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Help_of_each_command_is_the_golden_page(string command)
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync(command + " --help");
        Assert.Equal((Shell.ExitCode.Ok, ""), (answer.Code, answer.Error));
        var name = command.Length == 0 ? "streaming" : command.Replace(' ', '-');
        var file = Path.Combine(Cli.RepositoryRoot, "tests", "Streaming.Cli.Tests", "Golden", $"help-{name}.txt");
        if (Environment.GetEnvironmentVariable("STREAMING_RENEW_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, answer.Out);
        }

        Assert.Equal(await File.ReadAllTextAsync(file), answer.Out);
    }

    [Fact]
    public async Task Without_a_command_the_help_is_shown()
    {
        using var cli = new Cli();
        Assert.Equal((await cli.RunAsync("--help")).Out, (await cli.RunAsync("")).Out);
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help train", "train --help")]
    [InlineData("help features get", "features get --help")]
    public async Task Help_may_be_asked_for_by_a_word(string line, string option)
    {
        using var cli = new Cli();
        Assert.Equal((await cli.RunAsync(option)).Out, (await cli.RunAsync(line)).Out);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Help_of_each_command_that_does_something_has_an_example(string command)
    {
        using var cli = new Cli();
        var help = (await cli.RunAsync(command + " --help")).Out;
        Assert.True(help.Contains("Examples:", StringComparison.Ordinal) || help.Contains("Commands:", StringComparison.Ordinal), help);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync("--version");
        Assert.Equal(Shell.ExitCode.Ok, answer.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", answer.Out);
    }
}
