using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;
using Streaming.Hocon;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;

namespace Streaming.Persistence.Redis;

/// <summary>
/// Reads <c>streaming.redis</c>; reference.conf of this assembly says what each key means. All faults are reported together, with file,
/// line and key, in the codes of the node's settings.
/// </summary>
public sealed partial class RedisSettingsReader
{
    private const string Section = "streaming.redis";
    private readonly LayeredSettings _settings;
    private readonly List<Diagnostic> _faults = [];

    private RedisSettingsReader(IEnumerable<HoconDocument> files, Func<string, string?> environment) =>
        _settings = new([.. files, RedisDefaults.Document], environment);

    /// <summary>Reads the section.</summary>
    /// <param name="files">The operator's files, strongest first; the defaults come behind them.</param>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="faults">Every mistake.</param>
    /// <returns>The settings; their <c>Connection</c> is empty where the embedded server is to be used. Meaningless with faults.</returns>
    public static (RedisSettings Redis, EmbeddedRedisSettings Embedded) Read(
        IEnumerable<HoconDocument> files, Func<string, string?> environment, out ImmutableArray<Diagnostic> faults)
    {
        var reader = new RedisSettingsReader(files, environment);
        var redis = reader.Redis();
        var embedded = new EmbeddedRedisSettings(reader.Text("embedded.directory"))
        {
            Port = (int)reader.Number("embedded.port", 0, 65_535),
            MemoryBytes = reader.Number("embedded.memory-bytes", 1L << 25, 1L << 36),
            WaitForLog = reader.Flag("embedded.wait-for-log"),
            CheckpointInterval = reader.Span("embedded.checkpoint-interval", TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)),
            LogBytesMax = reader.Number("embedded.log-bytes-max", 1L << 25, 1L << 40),
        };
        reader.RejectUnknown();
        faults = [.. reader._faults];
        return (redis, embedded);
    }

    private RedisSettings Redis()
    {
        var settings = new RedisSettings(Connection())
        {
            User = Text("user"),
            Password = Password(),
            Database = (int)Number("database", 0, 65_535),
            KeyPrefix = Prefix(),
            ConnectTimeout = Span("connect-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            CallTimeout = Span("call-timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
            BatchEntries = (int)Number("slots.batch-entries", 1, 3_000),
            BatchBytes = (int)Number("slots.batch-bytes", 1_024, 16_777_216),
            BatchesInFlight = (int)Number("slots.batches-in-flight", 1, 64),
            LoadPage = (int)Number("slots.load-page", 10, 10_000),
        };
        return settings with { Tls = Tls() };
    }

    private string Connection()
    {
        var setting = _settings.Find($"{Section}.connection");
        if (setting is not { Text.Length: > 0 })
        {
            return "";
        }

        try
        {
            var options = ConfigurationOptions.Parse(setting.Text);
            if (options.Password is not null && setting.Variable is null)
            {
                _faults.Add(RedisSettingsDiagnostics.SecretInFile(setting.Position, $"{Section}.connection"));
            }
            else if (options.EndPoints.Count == 0)
            {
                _faults.Add(RedisSettingsDiagnostics.Wrong(setting, $"{Section}.connection", "at least one host:port"));
            }
        }
        catch (ArgumentException e)
        {
            _faults.Add(RedisSettingsDiagnostics.Wrong(
                setting with { Text = "..." }, $"{Section}.connection", $"host:port,... and options of StackExchange.Redis: {e.Message}"));
        }

        return setting.Text;
    }

    private string? Password()
    {
        if (_settings.PositionInFile($"{Section}.password") is { } position)
        {
            _faults.Add(RedisSettingsDiagnostics.SecretInFile(position, $"{Section}.password"));
        }

        var file = _settings.Find($"{Section}.password-file");
        if (_settings.Find($"{Section}.password") is { } setting)
        {
            return setting.Text;
        }

        return file is { Text.Length: > 0 } ? Contents(file, $"{Section}.password-file") : null;
    }

    private RedisTls? Tls()
    {
        var tls = new RedisTls(File("tls.ca-file"), File("tls.certificate-file"), File("tls.key-file"), Text("tls.host"));
        if (tls.CertificateFile.Length > 0 != tls.KeyFile.Length > 0)
        {
            var given = tls.CertificateFile.Length > 0 ? "tls.certificate-file" : "tls.key-file";
            _faults.Add(RedisSettingsDiagnostics.Wrong(
                _settings.Find($"{Section}.{given}")!, $"{Section}.{given}", "both tls.certificate-file and tls.key-file, or neither"));
        }

        return Flag("tls.enabled") ? tls : null;
    }

    private string Prefix()
    {
        var text = Text("key-prefix", empty: false);
        if (text.Length > 0 && !PrefixPattern().IsMatch(text))
        {
            _faults.Add(RedisSettingsDiagnostics.Wrong(
                _settings.Find($"{Section}.key-prefix")!, $"{Section}.key-prefix", "letters, digits, \"-\", \"_\", \".\" and \":\""));
        }

        return text;
    }

    private string File(string key)
    {
        var setting = Find(key);
        if (setting is { Text.Length: > 0 } && !System.IO.File.Exists(setting.Text))
        {
            _faults.Add(RedisSettingsDiagnostics.File(setting, $"{Section}.{key}", "there is no such file"));
        }

        return setting?.Text ?? "";
    }

    private string? Contents(RedisSetting file, string key)
    {
        try
        {
            return System.IO.File.ReadAllText(file.Text).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _faults.Add(RedisSettingsDiagnostics.File(file, key, e.Message));
            return null;
        }
    }

    private string Text(string key, bool empty = true)
    {
        var setting = Find(key);
        if (setting is { Text.Length: 0 } && !empty)
        {
            _faults.Add(RedisSettingsDiagnostics.Wrong(setting, $"{Section}.{key}", "a text that is not empty"));
        }

        return setting?.Text ?? "";
    }

    private long Number(string key, long minimum, long maximum)
    {
        var setting = Find(key);
        var fits = long.TryParse(setting?.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum;
        if (setting is not null && !fits)
        {
            _faults.Add(RedisSettingsDiagnostics.Wrong(
                setting, $"{Section}.{key}", string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}")));
        }

        return fits ? number : minimum;
    }

    private TimeSpan Span(string key, TimeSpan minimum, TimeSpan maximum)
    {
        var setting = Find(key);
        var fits = Duration.TryParse(setting?.Text.Trim(), out var millis)
            && millis >= minimum.TotalMilliseconds && millis <= maximum.TotalMilliseconds;
        if (setting is not null && !fits)
        {
            _faults.Add(RedisSettingsDiagnostics.Wrong(
                setting,
                $"{Section}.{key}",
                $"a duration from {Duration.Format((long)minimum.TotalMilliseconds)} to " +
                Duration.Format((long)maximum.TotalMilliseconds)));
        }

        return fits ? TimeSpan.FromMilliseconds(millis) : minimum;
    }

    private bool Flag(string key)
    {
        var setting = Find(key);
        var flag = setting?.Text is "true" or "on" or "yes";
        if (setting is not null && !flag && setting.Text is not ("false" or "off" or "no"))
        {
            _faults.Add(RedisSettingsDiagnostics.Wrong(setting, $"{Section}.{key}", "on or off"));
        }

        return flag;
    }

    private RedisSetting? Find(string key)
    {
        var setting = _settings.Find($"{Section}.{key}");
        if (setting is null)
        {
            _faults.Add(RedisSettingsDiagnostics.Missing($"{Section}.{key}"));
        }

        return setting;
    }

    private void RejectUnknown()
    {
        foreach (var (path, position) in _settings.KeysNotRead(Section))
        {
            _faults.Add(RedisSettingsDiagnostics.Unknown(position, path, NearestName.Find(path, _settings.KeysRead)));
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_.:-]+$")]
    private static partial Regex PrefixPattern();
}
