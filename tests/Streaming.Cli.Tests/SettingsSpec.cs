using System.Text.RegularExpressions;
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
        File.WriteAllText(cli.PathOf("a.hocon"), "streaming.engine { records-per-read = 7, direct-delivery = off, commit-interval = 3s, partitions.clicks = 9, record-names.clicks = \"record, com.acme.Click\" }");
        var engine = CliSettings.Load(cli.PathOf("a.hocon"), asked: true, _ => null).Engine;
        Assert.Equal(["record", "com.acme.Click"], engine.RecordNames["clicks"].AsEnumerable());
        Assert.Equal((7, false, TimeSpan.FromSeconds(3), 9), (engine.RecordsPerRead, engine.DirectDelivery, engine.CommitInterval, engine.Partitions["clicks"]));
    }

    [Fact]
    public void Every_fault_of_the_engines_settings_is_reported_with_its_key()
    {
        using var cli = new Cli();
        File.WriteAllText(
            cli.PathOf("a.hocon"),
            "streaming.engine { records-per-read = 0, reads-in-flight = many, retry-backoff = 30s, retry-backoff-max = 10s, partitions.clicks = 5000, record-names.clicks = \"a-b\", record-per-read = 5 }");
        var fault = Assert.Throws<CliFailure>(() => CliSettings.Load(cli.PathOf("a.hocon"), asked: true, _ => null));
        string[] keys = ["records-per-read", "reads-in-flight", "retry-backoff-max", "partitions.clicks", "record-names.clicks", "record-per-read"];
        Assert.All(keys, key => Assert.Contains($"streaming.engine.{key}", fault.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("streming.http.max-connections = 5", "streming is not a setting; did you mean \"streaming\"?")]
    [InlineData("{ aka.loglevel = DEBUG }", "aka is not a setting; did you mean \"akka\"?")]
    public void A_section_with_a_slip_in_its_name_is_a_fault(string text, string expected)
    {
        using var cli = new Cli();
        File.WriteAllText(cli.PathOf("a.hocon"), text);
        var fault = Assert.Throws<CliFailure>(() => CliSettings.Load(cli.PathOf("a.hocon"), asked: true, _ => null));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("akka {\n  cluster.sharding.state-store-mode = foo\n}", ":2:20 akka.cluster.sharding.state-store-mode is \"foo\", which Akka refuses: ")]
    [InlineData("akka.cluster.sharding {\n  buffer-size = many\n}", ":2:3 akka.cluster.sharding.buffer-size is \"many\", which Akka refuses: ")]
    [InlineData("akka.cluster.gossip-interval = 5 parsecs", ":1:14 akka.cluster.gossip-interval is \"5 parsecs\", which Akka refuses: ")]
    [InlineData("akka.loglevel = LOUD", ":1:6 akka.loglevel is \"LOUD\", which Akka refuses: ")]
    [InlineData("akka.coordinated-shutdown.phases.cluster-leave.timeout = x", ":1:48 akka.coordinated-shutdown.phases.cluster-leave.timeout is \"x\", which Akka refuses: ")]
    [InlineData("akka = 5", ":1:1 akka has another type, expected a section")]
    [InlineData("akka.actor.provider = remote", ":1:12 akka.actor.provider is remote, and a node's entities need a cluster, if only of itself; leave it out")]
    [InlineData("akka.remote.dot-netty.tcp.port = 99999", ":1:27 akka.remote.dot-netty.tcp.port is 99999, expected a port from 0 to 65535; 0 takes a free one")]
    [InlineData("akka.cluster.shardng {\n  buffer-size = 5\n}", ":2:3 akka.cluster.shardng is not a setting; did you mean \"akka.cluster.sharding\"?")]
    [InlineData("akka.sharding.state-store-mode = ddata", ":1:15 akka.sharding is not a setting; did you mean \"akka.cluster.sharding.state-store-mode\"?")]
    [InlineData("akka.logleval = DEBUG", ":1:6 akka.logleval is not a setting; did you mean \"akka.loglevel\"?")]
    [InlineData("akka.actor.mine { throughput = 5 }", ":1:19 akka.actor.mine is not a setting")]
    [InlineData("akka.loglevel = ${NOPE}", ":1:17 ${NOPE} has no value: ")]
    [InlineData("streaming.logging.level = ${NOPE}", ":1:27 ${NOPE} has no value: ")]
    [InlineData("akka.cluster.seed-nodes = [${NOPE}]", ":1:28 ${NOPE} has no value: ")]
    [InlineData("streaming.http.listen = \"127.0.0.1:\"${?NOPE}", ":1:25 streaming.http.listen puts \"127.0.0.1:${?NOPE}\" together")]
    public void A_mistake_is_one_fault_with_its_place(string text, string expected)
    {
        var fault = Assert.Throws<CliFailure>(() => Load(text));
        Assert.Contains("a.hocon" + expected, Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("akka.actor.mine { type = ForkJoinDispatcher, throughput = 5, dedicated-thread-pool.thread-count = 2 }")]
    [InlineData("akka.my-mailbox { mailbox-type = \"Akka.Dispatch.UnboundedMailbox, Akka\", mine = 1 }")]
    [InlineData("akka.actor.deployment { \"/a.b/*\" { router = round-robin-pool } }")]
    [InlineData("akka.actor.serialization-bindings { \"A.B, C\" = hyperion }")]
    [InlineData("akka.coordinated-shutdown.phases.mine { timeout = 5s, depends-on = [actor-system-terminate] }")]
    [InlineData("akka.cluster.role { frontend.min-nr-of-members = 2 }")]
    [InlineData("akka.remote.dot-netty.tcp.ssl.certificate.flags = [ \"user-key-set\" ]")]
    [InlineData("akka.loglevel = ${?NOPE}")]
    public void A_section_of_ones_own_under_akka_is_taken(string text) => Assert.NotNull(Load(text));

    [Fact]
    public void Every_setting_of_the_embedded_log_reaches_it()
    {
        var settings = Load("""
            streaming.log.embedded {
              directory = there, survives-power-loss = on, busy-timeout = 3s, poll-interval = 5ms, poll-interval-idle = 7ms, queue-length-max = 9, transaction-bytes-max = 70000
            }
            """);
        var expected = new EmbeddedLogSettings(Path.Combine("there", "events.db"))
        {
            SurvivesPowerLoss = true,
            BusyTimeout = TimeSpan.FromSeconds(3),
            PollInterval = TimeSpan.FromMilliseconds(5),
            PollIntervalIdle = TimeSpan.FromMilliseconds(7),
            QueueLengthMax = 9,
            TransactionBytesMax = 70_000,
        };
        Assert.Equal(expected, LogSettings.Of(settings.Node.Embedded));
    }

    [Fact]
    public void Every_setting_of_kafka_reaches_it()
    {
        var settings = Load("""
            streaming.kafka {
              bootstrap.servers = "h:1", request-timeout = 4s, answer-timeout = 3s, topic-check-interval = 2m, delivery-timeout = 5s,
               linger = 6ms, chunks-in-flight-max = 7, read-ahead-kibibytes = 8, record-bytes-max = 2000000
              properties { "fetch.wait.max.ms" = 5 }
            }
            """);
        var log = LogSettings.Of(settings.Node.Kafka);
        var expected = new KafkaSettings("h:1")
        {
            RequestTimeout = TimeSpan.FromSeconds(4),
            AnswerTimeout = TimeSpan.FromSeconds(3),
            TopicCheckInterval = TimeSpan.FromMinutes(2),
            DeliveryTimeout = TimeSpan.FromSeconds(5),
            Linger = TimeSpan.FromMilliseconds(6),
            ChunksInFlightMax = 7,
            ReadAheadKibibytes = 8,
            RecordBytesMax = 2_000_000,
            Properties = log.Properties,
        };
        Assert.Equal(expected, log);
        Assert.Equal([("fetch.wait.max.ms", "5"), ("security.protocol", "plaintext")], log.Properties.Select(property => (property.Key, property.Value)));
    }

    [Fact]
    public void Who_opens_a_log_in_code_has_the_operators_defaults()
    {
        var settings = Load("streaming.kafka.bootstrap.servers = \"h:1\"");
        Assert.Equal(new EmbeddedLogSettings(Path.Combine("data", "events.db")), LogSettings.Of(settings.Node.Embedded));
        var kafka = LogSettings.Of(settings.Node.Kafka);
        Assert.Equal(new KafkaSettings("h:1") { Properties = kafka.Properties }, kafka);
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(1), 8192), (kafka.DeliveryTimeout, kafka.Linger, kafka.ReadAheadKibibytes));
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
