using System.Collections.Immutable;
using Streaming.Hocon;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;

namespace Streaming.Persistence.Redis.Tests.Connection;

public sealed class RedisSettingsSpec
{
    [Fact]
    public void Without_a_file_everything_is_as_in_reference_conf_and_in_code()
    {
        var (redis, embedded) = Read("", out var faults);
        Assert.Empty(faults);
        Assert.Equal(new RedisSettings(""), redis);
        Assert.Equal(new EmbeddedRedisSettings(""), embedded);
    }

    [Fact]
    public void Every_key_is_read()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["pem"], "x");
        File.WriteAllText(folder["password"], "hush\n");
        var (redis, embedded) = Read(
            $$"""
            streaming.redis {
              connection = "a:1,b:2,serviceName=main"
              user = me
              password-file = "{{folder["password"]}}"
              tls { enabled = on, ca-file = "{{folder["pem"]}}", certificate-file = "{{folder["pem"]}}", key-file = "{{folder["pem"]}}", host = h }
              database = 3
              key-prefix = "p:q"
              connect-timeout = 1s
              call-timeout = 2s
              slots { batch-entries = 10, batch-bytes = 2048, batches-in-flight = 3, load-page = 20 }
              embedded { directory = d, port = 7, memory-bytes = 67108864, wait-for-log = off, checkpoint-interval = 1m, log-bytes-max = 1073741824 }
            }
            """,
            out var faults);
        Assert.Empty(faults);
        var expected = new RedisSettings("a:1,b:2,serviceName=main")
        {
            User = "me",
            Password = "hush",
            Tls = new(folder["pem"], folder["pem"], folder["pem"], "h"),
            Database = 3,
            KeyPrefix = "p:q",
            ConnectTimeout = TimeSpan.FromSeconds(1),
            CallTimeout = TimeSpan.FromSeconds(2),
            BatchEntries = 10,
            BatchBytes = 2_048,
            BatchesInFlight = 3,
            LoadPage = 20,
        };
        Assert.Equal(expected, redis);
        Assert.Equal(
            new EmbeddedRedisSettings("d") { Port = 7, MemoryBytes = 64 << 20, WaitForLog = false, CheckpointInterval = TimeSpan.FromMinutes(1), LogBytesMax = 1 << 30 },
            embedded);
    }

    [Fact]
    public void The_environment_overrides_and_may_hold_the_secret()
    {
        var (redis, _) = Read("streaming.redis.connection = \"a:1\"", out var faults, ("STREAMING_REDIS_CONNECTION", "b:2,password=hush"), ("STREAMING_REDIS_PASSWORD", "hush"));
        Assert.Empty(faults);
        Assert.Equal(("b:2,password=hush", "hush"), (redis.Connection, redis.Password));
        Assert.DoesNotContain("hush", redis.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("database = 65536", "CF003 app.conf:1:28 streaming.redis.database is \"65536\", expected a whole number from 0 to 65535")]
    [InlineData("call-timeout = soon", "CF003 app.conf:1:32 streaming.redis.call-timeout is \"soon\", expected a duration from 100ms to 1m")]
    [InlineData("key-prefix = \"{a}\"", "CF003 app.conf:1:30 streaming.redis.key-prefix is \"{a}\", expected letters, digits, \"-\", \"_\", \".\" and \":\"")]
    [InlineData("tls.enabled = maybe", "CF003 app.conf:1:31 streaming.redis.tls.enabled is \"maybe\", expected on or off")]
    [InlineData("tls.ca-file = none.pem", "CF006 app.conf:1:31 streaming.redis.tls.ca-file names \"none.pem\", which cannot be read: there is no such file")]
    [InlineData("conection = \"a:1\"", "CF004 app.conf:1:17 streaming.redis.conection is not a setting; did you mean \"streaming.redis.connection\"?")]
    public void A_mistake_is_reported_with_file_line_and_key(string line, string expected)
    {
        Read($"streaming.redis.{line}", out var faults);
        Assert.Equal([expected], faults.Select(fault => fault.ToString()));
    }

    [Theory]
    [InlineData("password = hush")]
    [InlineData("connection = \"a:1,password=hush\"")]
    public void A_secret_in_the_file_is_refused_and_not_printed(string line)
    {
        Read($"streaming.redis.{line}", out var faults);
        var fault = Assert.Single(faults);
        Assert.Equal("CF005", fault.Code);
        Assert.DoesNotContain("hush", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_together()
    {
        Read("streaming.redis { database = x, slots.batch-entries = 0, embedded.port = 70000, tls.key-file = \"/dev/null\" }", out var faults);
        Assert.Equal(4, faults.Length);
    }

    [Fact]
    public void An_option_that_the_client_does_not_know_is_named()
    {
        Read("streaming.redis.connection = \"a:1,noSuchOption=1\"", out var faults);
        Assert.Contains("noSuchOption", Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    private static (RedisSettings Redis, EmbeddedRedisSettings Embedded) Read(
        string text, out ImmutableArray<Diagnostic> faults, params (string Name, string Value)[] environment) => RedisSettingsReader.Read(
            [HoconReader.Read("app.conf", text)],
            name => environment.FirstOrDefault(variable => variable.Name == name).Value,
            out faults);
}
