using System.Text.RegularExpressions;
using Streaming.Node.Settings;

namespace Streaming.Node.Tests;

public sealed class NodeSettingsSpec
{
    private static readonly Configuration s_reference = new(NodeSettings.References, _ => null);

    /// <summary>A key that is not read is a fault of the file, a setting without a key one of the reader: the next two tests show both.</summary>
    [Fact]
    public void Every_key_of_reference_conf_is_read_and_every_setting_has_a_key() =>
        Assert.Empty(NodeSettings.Create(Configured(string.Empty)).Faults);

    [Fact]
    public void A_key_that_nothing_reads_is_a_fault_even_in_reference_conf()
    {
        var (_, faults) = NodeSettings.Create(new(NodeSettings.References.Add(("more.conf", "streaming.http.unread = 1")), _ => null));
        Assert.Equal("CF004", Assert.Single(faults).Code);
    }

    [Fact]
    public void The_engines_keys_are_the_engines_to_check_and_their_places_are_known()
    {
        var configuration = Configured("streaming.engine {\n  read-timeout = never\n}");
        Assert.Empty(NodeSettings.Create(configuration).Faults);
        Assert.Equal("akka.hocon:2:18", configuration.PositionOf("streaming.engine.read-timeout").ToString());
    }

    [Theory]
    [InlineData("streaming.http.listen")]
    [InlineData("streaming.score.batch-limit")]
    [InlineData("streaming.kafka.read-ahead-kibibytes")]
    [InlineData("streaming.schema.registry.url")]
    [InlineData("streaming.kafka.sasl.mechanism")]
    public void A_setting_without_a_key_in_reference_conf_is_a_fault(string key)
    {
        var last = key[(key.LastIndexOf('.') + 1)..];
        var without = NodeSettings.References.Select(reference =>
            (reference.File, string.Join('\n', reference.Text.Split('\n').Where(line => !line.TrimStart().StartsWith(last + " =", StringComparison.Ordinal)))));
        var (settings, faults) = NodeSettings.Create(new(without, _ => null));
        Assert.Null(settings);
        Assert.Contains(faults, fault => fault.Code == "CF002" && fault.Message.StartsWith(key + " has no value", StringComparison.Ordinal));
    }

    [Fact]
    public void An_operators_file_overrides_and_the_environment_overrides_both()
    {
        var file = "streaming.http { listen = \"127.0.0.1:1\", max-connections = 7 }";
        Assert.Equal("127.0.0.1:1", Settings(file).Http.Listen.ToString());
        Assert.Equal(7, Settings(file).Http.MaxConnections);
        Assert.Equal("127.0.0.1:8080", Settings(string.Empty).Http.Listen.ToString());
        Assert.Equal("127.0.0.1:2", Settings(file, ("STREAMING_HTTP_LISTEN", "127.0.0.1:2")).Http.Listen.ToString());
        Assert.Equal(7, Settings(file, ("STREAMING_HTTP_LISTEN", "127.0.0.1:2")).Http.MaxConnections);
    }

    [Fact]
    public void A_variable_that_the_operators_file_names_is_stronger_than_the_usual_one()
    {
        var file = "streaming.http.listen = ${?MINE}";
        Assert.Equal("127.0.0.1:3", Settings(file, ("MINE", "127.0.0.1:3"), ("STREAMING_HTTP_LISTEN", "127.0.0.1:2")).Http.Listen.ToString());
    }

    [Theory]
    [InlineData("99999999d")]
    [InlineData("-1s")]
    [InlineData("9223372036854775807h")]
    public void A_duration_beyond_all_bounds_is_a_fault_like_any_other(string text) =>
        Assert.Equal("CF003", Assert.Single(NodeSettings.Create(Configured($"streaming.http.keep-alive-timeout = {text}")).Faults).Code);

    [Theory]
    [InlineData("http://me:hunter2@host", "http://****@host")]
    [InlineData("http://me:hun@ter2/hunter2@host:8081/x", "http://****@host:8081/x")]
    [InlineData("me:hunter2@host", "****@host")]
    public void A_fault_does_not_repeat_the_password_of_a_url(string url, string shown)
    {
        var (_, faults) = NodeSettings.Create(Configured(string.Empty, ("SCHEMA_REGISTRY_URL", url)));
        var fault = Assert.Single(faults);
        Assert.StartsWith($"streaming.schema.registry.url is \"{shown}\" (from", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_may_have_several_urls_and_files_of_certificates_that_are_there()
    {
        var registry = Settings("streaming.schema.registry { url = \"http://a:1, https://b:2/x\", timeout = 3s }", ("SCHEMA_REGISTRY_KEYSTORE_PASSWORD", "hunter2")).Registry;
        Assert.Equal(["http://a:1/", "https://b:2/x"], registry.Urls.Select(url => url.AbsoluteUri));
        Assert.Equal("hunter2", registry.KeystorePassword.Reveal());
        Assert.DoesNotContain("hunter2", registry.ToString(), StringComparison.Ordinal);
        var (_, faults) = NodeSettings.Create(Configured("streaming.schema.registry {\n  url = \"http://a:1, b:2\"\n  ca-file = /none/ca.pem\n  keystore-password = pw\n}"));
        string[] expected = ["CF003 akka.hocon:2:9", "CF006 akka.hocon:3:13", "CF005 akka.hocon:4:23"];
        Assert.Equal(expected, faults.Select(fault => $"{fault.Code} {fault.Position}"));
    }

    [Fact]
    public void A_substitution_without_a_value_leaves_what_it_replaced()
    {
        var file = "streaming.http { listen = \"127.0.0.1:1\"\n listen = ${?MINE} }";
        Assert.Equal("127.0.0.1:1", Settings(file).Http.Listen.ToString());
        Assert.Equal("127.0.0.1:3", Settings(file, ("MINE", "127.0.0.1:3")).Http.Listen.ToString());
        Assert.Equal("127.0.0.1:8080", Settings("streaming.http.listen = ${?MINE}").Http.Listen.ToString());
    }

    [Theory]
    [InlineData("hosts", "https://scores.example.com", "; write \"scores.example.com\"")]
    [InlineData("hosts", "scores.example.com:8080", "; write \"scores.example.com\"")]
    [InlineData("hosts", "scores.example.com/score", "; write \"scores.example.com\"")]
    [InlineData("hosts", "scores.example.com.", "; write \"scores.example.com\"")]
    [InlineData("hosts", "::1", "; write \"[::1]\"")]
    [InlineData("hosts", "a.example b.example", "")]
    [InlineData("hosts", "*.example.com", "")]
    [InlineData("hosts", "schön.example", "; write \"xn--schn-7qa.example\"")]
    [InlineData("hosts", "", "")]
    [InlineData("origins", "https://shop.example.com/", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "https://shop.example.com/cart?x=1", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "https://shop.example.com:443", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "shop.example.com", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "ftp://shop.example.com", "")]
    [InlineData("origins", "*", "")]
    [InlineData("origins", "null", "")]
    [InlineData("origins", "https://a.example https://b.example", "")]
    [InlineData("origins", "", "")]
    public void A_host_or_origin_that_no_request_has_is_refused_with_how_to_write_it(string key, string word, string hint)
    {
        var good = key == "hosts" ? "a.example" : "https://a.example";
        var (_, faults) = NodeSettings.Create(Configured($"streaming.http.{key} = \"{good}, {word}, {good}\""));
        var fault = Assert.Single(faults).ToString();
        Assert.StartsWith($"CF003 akka.hocon:1:{19 + key.Length} streaming.http.{key} is \"{word}\", expected ", fault, StringComparison.Ordinal);
        Assert.EndsWith(hint, fault, StringComparison.Ordinal);
        Assert.Equal(hint.Length > 0, fault.Contains("; write \"", StringComparison.Ordinal));
    }

    [Fact]
    public void Hosts_and_origins_as_browsers_send_them_are_taken()
    {
        var http = Settings("streaming.http { hosts = \"scores.example.com, 10.0.0.7, [2001:db8::1], my_host, *\", origins = \"https://shop.example.com, http://localhost:3000, http://[::1]:81\" }").Http;
        Assert.Equal((5, 3), (http.Hosts.Length, http.Origins.Length));
        Assert.Equal((0, 0), (Settings("streaming.http { hosts = \" \" }").Http.Hosts.Length, Settings(string.Empty).Http.Origins.Length));
    }

    [Theory]
    [InlineData("ssl.ca.location")]
    [InlineData("ssl.certificate.location")]
    [InlineData("ssl.key.location")]
    [InlineData("ssl.keystore.location")]
    [InlineData("ssl.crl.location")]
    public void A_file_of_librdkafka_that_is_not_there_is_said_to_be_missing(string name) => Assert.Equal(
        $"CF006 akka.hocon:1:{name.Length + 35} streaming.kafka.properties.\"{name}\" names \"/none/x.pem\", which cannot be read: there is no such file",
        Assert.Single(NodeSettings.Create(Configured($"streaming.kafka.properties {{ \"{name}\" = \"/none/x.pem\" }}")).Faults).ToString());

    [Fact]
    public void A_folder_of_authorities_is_taken_as_librdkafka_takes_it() =>
        Assert.Equal("/", Settings("streaming.kafka.properties { \"ssl.ca.location\" = \"/\" }").Kafka.Properties["ssl.ca.location"]);

    [Fact]
    public void All_faults_are_reported_together_with_file_line_and_full_key()
    {
        var (settings, faults) = NodeSettings.Create(Configured("""
            streaming {
              http {
                listen = nowhere
                max-connections = 0
                inline-sockets = perhaps
                keep-alive-timeout = 5 parsecs
                keep-alive-timeuot = 5s
              }
              logging.level = loud
              schema.registry.url = "ftp://x"
            }
            """));
        Assert.Null(settings);
        Assert.Equal(
            [
                "CF003 akka.hocon:3:14 streaming.http.listen is \"nowhere\", expected IP:PORT, localhost:PORT or *:PORT, for instance 127.0.0.1:8080",
                "CF003 akka.hocon:4:23 streaming.http.max-connections is \"0\", expected a whole number from 1 to 1000000",
                "CF003 akka.hocon:6:26 streaming.http.keep-alive-timeout is \"5 parsecs\", expected a duration such as 500ms, 10s, 5m or 1h, from 1s to 1h",
                "CF003 akka.hocon:5:22 streaming.http.inline-sockets is \"perhaps\", expected true or false",
                "CF003 akka.hocon:10:25 streaming.schema.registry.url is \"ftp://x\", expected an http or https URL without user and password, for instance http://127.0.0.1:8081",
                "CF003 akka.hocon:9:19 streaming.logging.level is \"loud\", expected one of verbose, debug, information, warning, error, fatal",
                "CF004 akka.hocon:7:5 streaming.http.keep-alive-timeuot is not a setting; did you mean \"streaming.http.keep-alive-timeout\"?",
            ],
            faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void A_fault_from_the_environment_names_its_variable()
    {
        var (_, faults) = NodeSettings.Create(Configured(string.Empty, ("STREAMING_HTTP_LISTEN", "x")));
        Assert.Contains("(from the environment variable STREAMING_HTTP_LISTEN)", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_syntax_names_its_place()
    {
        var (_, faults) = NodeSettings.Create(Configured("streaming {\n http { listen = \"a\n } }"));
        Assert.Contains(faults, fault => fault.Position.File == "akka.hocon" && fault.Position.Line == 2);
    }

    [Fact]
    public void A_secret_comes_from_the_environment_and_is_never_printed()
    {
        var settings = Settings(string.Empty, ("KAFKA_SASL_PASSWORD", "hunter2"), ("SCHEMA_REGISTRY_BASIC_AUTH", "me:hunter2"));
        Assert.Equal("hunter2", settings.Kafka.SaslPassword.Reveal());
        Assert.DoesNotContain("hunter2", settings.ToString(), StringComparison.Ordinal);
        Assert.Contains("****", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_comes_from_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "hunter2\n");
            Assert.Equal("hunter2", Settings($"streaming.kafka.sasl.password-file = \"{file}\"").Kafka.SaslPassword.Reveal());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_secret_in_the_operators_file_is_a_fault_that_does_not_repeat_it()
    {
        var (_, faults) = NodeSettings.Create(Configured("streaming.kafka.sasl.password = hunter2"));
        var fault = Assert.Single(faults);
        Assert.Equal("CF005", fault.Code);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_in_the_operators_file_is_a_fault_even_where_the_environment_overrides_it() => Assert.Equal(
        "CF005", Assert.Single(NodeSettings.Create(Configured("streaming.kafka.sasl.password = hunter2", ("KAFKA_SASL_PASSWORD", "x"))).Faults).Code);

    [Fact]
    public void Properties_of_librdkafka_are_taken_with_and_without_quotes_the_strongest_first()
    {
        var file = """
            streaming.kafka.properties { "fetch.wait.max.ms" = 5, batch.size = 2, "client.rack" = "a \"b\"", "ssl.key.password" = ${?MY_KEY}, "ssl.crl.location" = ${?NOT_SET} }
            """;
        var properties = Settings(file, ("MY_KEY", "hunter2")).Kafka.Properties;
        Assert.Equal(
            [("batch.size", "2"), ("client.rack", "a \"b\""), ("fetch.wait.max.ms", "5"), ("ssl.key.password", "hunter2")], properties.Select(property => (property.Key, property.Value)));
        Assert.Empty(Settings(string.Empty).Kafka.Properties);
    }

    [Fact]
    public void A_property_that_librdkafka_does_not_take_is_a_fault_with_its_place()
    {
        var (_, faults) = NodeSettings.Create(Configured("""
            streaming.kafka {
              request-timeout = 1ms
              record-bytes-max = 5
              properties {
                "fetch.wait.mx.ms" = 5
                fetch.wait.max.ms = soon
                "batch.size" = -7
                "dotnet.cancellation.delay.max.ms" = 1
                "client.id" = [a, b]
              }
            }
            streaming.log.embedded { survives-power-loss = maybe, busy-timeout = 1d, busy-timeuot = 1s }
            """));
        Assert.Equal(
            [
                "CF003 akka.hocon:12:48 streaming.log.embedded.survives-power-loss is \"maybe\", expected true or false",
                "CF003 akka.hocon:12:70 streaming.log.embedded.busy-timeout is \"1d\", expected a duration such as 500ms, 10s, 5m or 1h, from 10ms to 10m",
                "CF003 akka.hocon:2:21 streaming.kafka.request-timeout is \"1ms\", expected a duration such as 500ms, 10s, 5m or 1h, from 100ms to 10m",
                "CF003 akka.hocon:3:22 streaming.kafka.record-bytes-max is \"5\", expected a whole number from 1000 to 67108864",
                "CF003 akka.hocon:9:5 streaming.kafka.properties.\"client.id\" has another type, expected a text or a number",
            ],
            faults.Where(fault => !fault.Message.Contains("librdkafka", StringComparison.Ordinal) && fault.Code != "CF004").Select(fault => fault.ToString()));
        string[] others =
        [
            "CF004 akka.hocon:5:5 streaming.kafka.properties.\"fetch.wait.mx.ms\" is not a setting; did you mean \"streaming.kafka.properties.fetch.wait.max.ms\"?",
            "CF003 akka.hocon:6:25 streaming.kafka.properties.fetch.wait.max.ms is \"soon\", expected a value that librdkafka accepts; it says:",
            "CF003 akka.hocon:7:20 streaming.kafka.properties.\"batch.size\" is \"-7\", expected a value that librdkafka accepts; it says:",
            "CF004 akka.hocon:8:5 streaming.kafka.properties.\"dotnet.cancellation.delay.max.ms\" is not a setting",
            "CF004 akka.hocon:12:74 streaming.log.embedded.busy-timeuot is not a setting; did you mean \"streaming.log.embedded.busy-timeout\"?",
        ];
        Assert.All(others, other => Assert.Contains(faults, fault => fault.ToString().StartsWith(other, StringComparison.Ordinal)));
        Assert.Equal(10, faults.Length);
    }

    [Theory]
    [InlineData("bootstrap.servers", "set streaming.kafka.bootstrap.servers instead")]
    [InlineData("message.max.bytes", "set streaming.kafka.record-bytes-max instead")]
    [InlineData("linger.ms", "set streaming.kafka.linger instead")]
    [InlineData("queued.max.messages.kbytes", "set streaming.kafka.read-ahead-kibibytes instead")]
    [InlineData("sasl.password", "KAFKA_SASL_PASSWORD")]
    [InlineData("enable.idempotence", "its guarantees depend on it")]
    [InlineData("enable.auto.commit", "streaming.engine.consumer-group")]
    [InlineData("group.id", "streaming.engine.consumer-group")]
    public void A_property_that_the_program_owns_is_refused_with_what_to_do_instead(string name, string instead)
    {
        var fault = Assert.Single(NodeSettings.Create(Configured($"streaming.kafka.properties {{ \"{name}\" = hunter2 }}")).Faults);
        Assert.Equal("CF007", fault.Code);
        Assert.StartsWith($"streaming.kafka.properties.\"{name}\" cannot be set here: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(instead, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssl.key.password")]
    [InlineData("ssl.keystore.password")]
    [InlineData("ssl.key.pem")]
    [InlineData("sasl.oauthbearer.client.secret")]
    public void A_property_that_is_a_secret_must_not_stand_in_the_file(string name)
    {
        var fault = Assert.Single(NodeSettings.Create(Configured($"streaming.kafka.properties {{ \"{name}\" = hunter2 }}")).Faults);
        Assert.Equal("CF005", fault.Code);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Properties_that_are_no_section_are_a_fault() => Assert.StartsWith(
        "streaming.kafka.properties has another type, expected a section", Assert.Single(NodeSettings.Create(Configured("streaming.kafka.properties = 5")).Faults).Message, StringComparison.Ordinal);

    [Fact]
    public void A_section_for_another_parser_has_its_substitutions_resolved()
    {
        var configuration = new Configuration([("akka.hocon", "akka { a { b = ${?X}, c = [x, \"y z\"] }, d = 1 }"), ("reference.conf", "akka { a.b = 2, e = \"q\\\"\" }")], name => name == "X" ? "7" : null);
        Assert.Equal(["akka.a.b = \"7\"", "akka.a.c = [\"x\", \"y z\"]", "akka.d = \"1\"", "akka.e = \"q\\\"\""], configuration.ToHocon("akka").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The file shows each key behind a "#" with its default: shown, read and kept in step.</summary>
    [Fact]
    public void The_operators_file_shows_every_key_with_its_default()
    {
        var shown = string.Join('\n', File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "akka.hocon")).Select(line => Regex.Replace(line, "^( *)#(?=[a-z])", "$1")));
        var operators = Configured(shown);
        Assert.Empty(NodeSettings.Create(operators).Faults);
        var keys = s_reference.Keys("streaming").Select(key => key.Path).Where(key => s_reference.Find(key) is not null).ToArray();
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.Equal((key, "akka.hocon", s_reference.Find(key)!.Text), (key, operators.PositionOf(key)?.File, operators.Find(key)!.Text)));
    }

    private static NodeSettings Settings(string file, params (string Name, string Value)[] environment)
    {
        var (settings, faults) = NodeSettings.Create(Configured(file, environment));
        return settings ?? throw new InvalidOperationException(string.Join('\n', faults));
    }

    private static Configuration Configured(string file, params (string Name, string Value)[] environment) => new(
        NodeSettings.References.Insert(0, ("akka.hocon", file)),
        name => environment.FirstOrDefault(variable => variable.Name == name).Value);
}
