using System.Text.RegularExpressions;
using Streaming.Cli.Settings;

namespace Streaming.Cli.Tests;

public sealed partial class SettingsSpec
{
    [Fact]
    public void Every_key_shown_in_the_operators_file_is_read_and_shown_with_its_default()
    {
        using var cli = new Cli();
        var shown = File.ReadAllLines(Path.Combine(Cli.RepositoryRoot, "akka.hocon")).Where(line => Key().IsMatch(line)).Select(line => line[2..]).ToList();
        Assert.True(shown.Count > 10, "the pattern finds no keys");
        File.WriteAllLines(cli.PathOf("all.hocon"), shown);
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

    private static string Print(CliSettings settings) =>
        $"{settings.Node} {settings.Engine} {string.Join(' ', settings.Engine.Partitions)} {settings.Akka.GetString("akka.loglevel")}";

    [GeneratedRegex(@"^# (streaming|akka)\.[\w.-]+ = ")]
    private static partial Regex Key();
}
