using System.Text.RegularExpressions;
using Streaming.Cli.Feeding;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;
using Streaming.Node.Settings;

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

    [Fact]
    public void Every_setting_of_the_embedded_log_reaches_it()
    {
        var settings = Load("streaming.log.embedded { directory = there, survives-power-loss = on, busy-timeout = 3s }");
        var log = LogSettings.Of(settings.Node.Embedded);
        Assert.Equal((Path.Combine("there", "events.db"), true, TimeSpan.FromSeconds(3)), (log.Path, log.SurvivesPowerLoss, log.BusyTimeout));
    }

    [Fact]
    public void Every_setting_of_kafka_reaches_it()
    {
        var settings = Load("""
            streaming.kafka {
              bootstrap.servers = "h:1", request-timeout = 4s, record-bytes-max = 2000000
              properties { "fetch.wait.max.ms" = 5 }
            }
            """);
        var log = LogSettings.Of(settings.Node.Kafka);
        Assert.Equal(("h:1", TimeSpan.FromSeconds(4), 2_000_000), (log.BootstrapServers, log.RequestTimeout, log.RecordBytesMax));
        Assert.Equal([("fetch.wait.max.ms", "5"), ("security.protocol", "plaintext")], log.Properties.Select(property => (property.Key, property.Value)));
    }

    [Fact]
    public void A_default_in_reference_conf_is_the_logs_own()
    {
        var settings = Load(string.Empty);
        Assert.Equal(new EmbeddedLogSettings(Path.Combine("data", "events.db")), LogSettings.Of(settings.Node.Embedded));
        var kafka = new KafkaSettings("h:1");
        Assert.Equal((kafka.RequestTimeout, kafka.RecordBytesMax), (settings.Node.Kafka.RequestTimeout, settings.Node.Kafka.RecordBytesMax));
    }

    /// <summary>Messages tell people what to set: each name that a source writes in a text is a key or a section.</summary>
    [Fact]
    public void Every_setting_that_a_message_names_exists()
    {
        using var cli = new Cli();
        var lines = File.ReadAllLines(Path.Combine(Cli.RepositoryRoot, "akka.hocon")).Select(line => Key().Replace(line, "$1$2")).Append("streaming.kafka.properties.x = 1");
        var keys = new Configuration([("akka.hocon", string.Join('\n', lines))], _ => null).Keys("streaming").Select(key => key.Path).ToHashSet(StringComparer.Ordinal);
        var named =
            from file in Directory.EnumerateFiles(Path.Combine(Cli.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            from Match match in Named().Matches(File.ReadAllText(file))
            select match.Value.TrimEnd('.');
        var names = named.Distinct().ToArray();
        Assert.True(names.Length > 25, "the pattern finds no names");

        // Secrets are not shown in the file: the environment has them.
        Assert.DoesNotContain(names, name => !keys.Contains(name) && !keys.Contains(name + "-file") && !keys.Any(key => key.StartsWith(name + ".", StringComparison.Ordinal)));
    }

    private static CliSettings Load(string text)
    {
        using var cli = new Cli();
        File.WriteAllText(cli.PathOf("a.hocon"), text);
        return CliSettings.Load(cli.PathOf("a.hocon"), asked: true, _ => null);
    }

    private static string Print(CliSettings settings) =>
        $"{settings.Node} {settings.Engine} {string.Join(' ', settings.Engine.Partitions)} {settings.Akka.GetString("akka.loglevel")}";

    // A key that is shown has no blank behind its hash; a comment has one.
    [GeneratedRegex(@"^(\s*)#([a-z])")]
    private static partial Regex Key();

    [GeneratedRegex(@"(?<![\w.-])streaming\.(http|score|events|features|models|log|kafka|schema|logging|engine)\.[a-z.-]*[a-z.]")]
    private static partial Regex Named();
}
