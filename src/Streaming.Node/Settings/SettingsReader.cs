using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>
/// Reads settings by their full keys and collects every fault, each with file, line and key. After a fault it returns a placeholder
/// and goes on. It has no defaults: these are in reference.conf.
/// </summary>
public sealed partial class SettingsReader
{
    private readonly Configuration _configuration;
    private readonly List<Diagnostic> _faults;
    private readonly HashSet<string> _read = [];

    /// <summary>Starts with the faults of syntax.</summary>
    public SettingsReader(Configuration configuration)
    {
        _configuration = configuration;
        _faults = [.. configuration.Faults];
    }

    /// <summary>Every fault so far.</summary>
    public ImmutableArray<Diagnostic> Faults => [.. _faults];

    /// <summary>Every key that was asked for.</summary>
    public IReadOnlyCollection<string> KeysRead => _read;

    /// <summary>A text.</summary>
    public string Text(string key, bool mayBeEmpty = false)
    {
        var setting = Find(key);
        if (setting is { Text.Length: 0 } && !mayBeEmpty)
        {
            Report(setting, key, "a text that is not empty");
        }

        return setting?.Text ?? string.Empty;
    }

    /// <summary>Words with commas between them; none if it is empty.</summary>
    /// <param name="key">The key.</param>
    /// <param name="meant">How a word must be written; null if it cannot be told.</param>
    /// <param name="expected">What a word must be.</param>
    internal ImmutableArray<string> Words(string key, Func<string, string?> meant, string expected)
    {
        var setting = Find(key);
        ImmutableArray<string> words =
            string.IsNullOrWhiteSpace(setting?.Text) ? [] : [.. setting.Text.Split(',', StringSplitOptions.TrimEntries)];
        foreach (var word in words)
        {
            var right = meant(word);
            if (!word.Equals(right, StringComparison.OrdinalIgnoreCase))
            {
                Report(setting! with { Text = word }, key, expected + (right is null ? string.Empty : $"; write \"{right}\""));
            }
        }

        return words;
    }

    /// <summary>One of a few words, in any case; as it is written in <paramref name="words"/>.</summary>
    public string OneOf(string key, params string[] words)
    {
        var setting = Find(key);
        var word = Array.Find(words, word => word.Equals(setting?.Text, StringComparison.OrdinalIgnoreCase));
        if (setting is not null && word is null)
        {
            Report(setting, key, $"one of {string.Join(", ", words)}");
        }

        return word ?? words[0];
    }

    /// <summary>A whole number within inclusive bounds.</summary>
    public int WholeNumber(string key, int minimum, int maximum)
    {
        var setting = Find(key);
        var fits = int.TryParse(setting?.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum;
        if (setting is not null && !fits)
        {
            Report(setting, key, string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"));
        }

        return number;
    }

    /// <summary>A span of time such as <c>10s</c> within inclusive bounds.</summary>
    public TimeSpan Duration(string key, TimeSpan minimum, TimeSpan maximum)
    {
        var setting = Find(key);
        var fits = Hocon.Duration.TryParse(setting?.Text.Trim(), out var millis)
            && millis >= minimum.TotalMilliseconds && millis <= maximum.TotalMilliseconds;
        if (setting is not null && !fits)
        {
            Report(
                setting,
                key,
                $"a duration such as 500ms, 10s, 5m or 1h, from {SettingText.Describe(minimum)} to {SettingText.Describe(maximum)}");
        }

        return TimeSpan.FromMilliseconds(millis);
    }

    /// <summary>True or false; also on and off, yes and no.</summary>
    public bool Flag(string key)
    {
        var setting = Find(key);
        var flag = setting?.Text is "true" or "on" or "yes";
        if (setting is not null && !flag && setting.Text is not ("false" or "off" or "no"))
        {
            Report(setting, key, "true or false");
        }

        return flag;
    }

    /// <summary>An address and port: IP:PORT, localhost:PORT or *:PORT.</summary>
    public IPEndPoint EndPoint(string key)
    {
        var setting = Find(key);
        var text = setting?.Text ?? string.Empty;
        var address = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1:{text[10..]}"
            : text.StartsWith("*:", StringComparison.Ordinal) ? $"[::]:{text[2..]}" : text;
        var hasPort = text.LastIndexOf(':') > text.LastIndexOf(']');
        if (hasPort && IPEndPoint.TryParse(address, out var endPoint))
        {
            return endPoint;
        }

        if (setting is not null)
        {
            Report(setting, key, "IP:PORT, localhost:PORT or *:PORT, for instance 127.0.0.1:8080");
        }

        return new(IPAddress.Loopback, 0);
    }

    /// <summary>Http or https URLs with commas between them; none when empty.</summary>
    public ImmutableArray<Uri> Urls(string key)
    {
        var setting = Find(key);
        var urls = ImmutableArray.CreateBuilder<Uri>();
        foreach (var text in SettingText.Words(setting))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
            {
                urls.Add(url);
            }
            else
            {
                Report(
                    setting! with { Text = SettingText.WithoutUser(text) },
                    key,
                    "an http or https URL without user and password, for instance http://127.0.0.1:8081");
            }
        }

        return urls.ToImmutable();
    }

    /// <summary>Names of Avro's named types with commas between them; none when empty.</summary>
    public ImmutableArray<string> AvroNames(string key)
    {
        var setting = Find(key);
        ImmutableArray<string> names = [.. SettingText.Words(setting)];
        if (names.Any(name => !name.Split('.').All(SettingText.IsAvroName)))
        {
            Report(setting!, key, "names of Avro records with commas between them, for instance record, com.acme.Payment");
        }

        return names;
    }

    /// <summary>The path of a file that is there; null when empty.</summary>
    public string? ExistingFile(string key)
    {
        var setting = Find(key);
        if (setting is { Text.Length: > 0 } && !File.Exists(setting.Text))
        {
            _faults.Add(SettingsDiagnostics.SecretFile(setting, key, "there is no such file"));
        }

        return setting is { Text.Length: > 0 } ? setting.Text : null;
    }

    /// <summary>A secret: from the environment by its key, or from the file that <c>KEY-file</c> names.</summary>
    public Secret Secret(string key)
    {
        _read.Add(key);
        var setting = _configuration.Find(key);
        if (_configuration.PositionInFile(key) is { } position)
        {
            _faults.Add(SettingsDiagnostics.SecretInFile(position, key));
        }

        var file = Find(key + "-file");
        return setting is not null
            ? new(setting.Text)
            : file is { Text.Length: > 0 } ? ReadSecret(file, key + "-file") : Node.Settings.Secret.None;
    }

    /// <summary>
    /// The keys of a section whose names are free, strongest file first; a value that is neither text nor number is a fault.
    /// </summary>
    /// <returns>Each key's full path, its name without quotes (<c>"a.b"</c> and <c>a.b</c> are the same), where it stands, and its
    /// value.</returns>
    internal IEnumerable<FreeSetting> Free(string section)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, position, value) in _configuration.Keys(section).ToArray())
        {
            _read.Add(path);
            if (path == section || value is not HoconScalar)
            {
                _faults.Add(
                    SettingsDiagnostics.NoText(
                        position, path, path == section ? "a section such as { \"fetch.wait.max.ms\" = 5 }" : "a text or a number"));
            }
            else if (_configuration.Find(path) is { } setting && names.Add(FreeSetting.NameOf(path, section)))
            {
                yield return new(path, FreeSetting.NameOf(path, section), position, setting);
            }
        }
    }

    /// <summary>Reports that the file which a key names cannot be used.</summary>
    internal void ReportFile(string key, string reason)
    {
        if (_configuration.Find(key) is { } setting)
        {
            _faults.Add(SettingsDiagnostics.UnusableFile(setting, key, reason));
        }
    }

    /// <summary>Where a key of any section is written; null if it is not.</summary>
    internal SourcePosition? PositionOf(string key) =>
        _configuration.Keys(key).Select(found => (SourcePosition?)found.Position).FirstOrDefault();

    /// <summary>Every key under a section with its value in HOCON, the strongest file's.</summary>
    internal IReadOnlyList<(string Key, string Value)> Leaves(string section) => [.. _configuration.Leaves(section)];

    /// <summary>Adds a fault that the reader of a free key found.</summary>
    internal void Report(Diagnostic fault) => _faults.Add(fault);

    /// <summary>Reports sections that nothing reads, such as one with a slip in its name.</summary>
    /// <param name="sections">Those that are read.</param>
    public void RejectOtherSections(params string[] sections)
    {
        foreach (var (name, position) in _configuration.Sections.Where(section => !sections.Contains(section.Name)))
        {
            _faults.Add(SettingsDiagnostics.Unknown(position, name, NearestName.Find(name, sections)));
        }
    }

    /// <summary>Reports keys of a section that nothing reads, in whichever file they stand.</summary>
    /// <param name="section">The section.</param>
    /// <param name="others">Sections within it that other code reads and checks.</param>
    public void RejectUnknown(string section, params string[] others)
    {
        var mine = _configuration.Keys(section)
            .Where(key => !Array.Exists(others, other => key.Path.StartsWith(other + ".", StringComparison.Ordinal)));
        foreach (var (path, position, _) in mine.Where(key => !_read.Contains(key.Path)))
        {
            _faults.Add(SettingsDiagnostics.Unknown(position, path, NearestName.Find(path, _read)));
        }
    }

    private Secret ReadSecret(Setting file, string key)
    {
        try
        {
            return new(File.ReadAllText(file.Text).Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _faults.Add(SettingsDiagnostics.SecretFile(file, key, e.Message));
            return Node.Settings.Secret.None;
        }
    }

    private Setting? Find(string key)
    {
        _read.Add(key);
        var setting = _configuration.Find(key);
        if (setting is null)
        {
            _faults.Add(SettingsDiagnostics.Missing(key));
        }

        return setting;
    }

    private void Report(Setting setting, string key, string expected) => _faults.Add(SettingsDiagnostics.Wrong(setting, key, expected));
}
