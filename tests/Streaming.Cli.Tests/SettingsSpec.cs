using System.Text.RegularExpressions;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

public sealed partial class SettingsSpec
{
    [Fact]
    public void Every_key_shown_in_the_operators_file_is_read_and_shown_with_its_default()
    {
        using var cli = new Cli();
        var lines = File.ReadAllLines(Path.Combine(Cli.RepositoryRoot, "akka.hocon"));
        Assert.True(lines.Count(line => Key().IsMatch(line)) > 25, "the pattern finds no keys");
        File.WriteAllLines(cli.PathOf("all.hocon"), lines.Select(line => Key().Replace(line, "$1$2")));
        var all = CliSettings.Load(cli.PathOf("all.hocon"), asked: true, _ => null);
        var defaults = CliSettings.Load("none.hocon", asked: false, _ => null);
        Assert.Equal(Print(defaults), Print(all));
    }

    [Fact]
    public void The_operators_file_changes_nothing_as_it_is()
    {
        var shipped = CliSettings.Load(Path.Combine(Cli.RepositoryRoot, "akka.hocon"), asked: true, _ => null);
        Assert.Equal(Print(CliSettings.Load("none.hocon", asked: false, _ => null)), Print(shipped));
    }

    [Fact]
    public void Every_setting_of_the_engine_has_a_key_that_is_read()
    {
        using var cli = new Cli();
        File.WriteAllText(cli.PathOf("a.hocon"), "streaming.engine { records-per-read = 7, direct-delivery = off, commit-interval = 3s, partitions.clicks = 9 }");
        var engine = CliSettings.Load(cli.PathOf("a.hocon"), asked: true, _ => null).Engine;
        Assert.Equal((7, false, TimeSpan.FromSeconds(3), 9), (engine.RecordsPerRead, engine.DirectDelivery, engine.CommitInterval, engine.Partitions["clicks"]));
    }

    [Fact]
    public void Every_fault_of_the_engines_settings_is_reported_with_its_key()
    {
        using var cli = new Cli();
        File.WriteAllText(
            cli.PathOf("a.hocon"),
            "streaming.engine { records-per-read = 0, reads-in-flight = many, retry-backoff = 30s, retry-backoff-max = 10s, partitions.clicks = 5000, record-per-read = 5 }");
        var fault = Assert.Throws<CliFailure>(() => CliSettings.Load(cli.PathOf("a.hocon"), asked: true, _ => null));
        string[] keys = ["records-per-read", "reads-in-flight", "retry-backoff-max", "partitions.clicks", "record-per-read"];
        Assert.All(keys, key => Assert.Contains($"streaming.engine.{key}", fault.ToString(), StringComparison.Ordinal));
    }

    private static string Print(CliSettings settings) =>
        $"{settings.Node} {settings.Engine} {string.Join(' ', settings.Engine.Partitions)} {settings.Akka.GetString("akka.loglevel")}";

    // A key that is shown has no blank behind its hash; a comment has one.
    [GeneratedRegex(@"^(\s*)#([a-z])")]
    private static partial Regex Key();
}
