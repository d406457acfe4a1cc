using System.Collections.Immutable;
using System.Globalization;
using Akka.Configuration;

namespace Streaming.Engine;

/// <summary>Reads keys of one section and collects every fault, each with the key's full path. It has no defaults: these are in reference.conf.</summary>
internal sealed class EngineSettingsReader(Config config, string section)
{
    private readonly ImmutableArray<string>.Builder _faults = ImmutableArray.CreateBuilder<string>();
    private readonly HashSet<string> _read = [];

    /// <summary>Every fault so far.</summary>
    public ImmutableArray<string> Faults => _faults.ToImmutable();

    /// <summary>Keys that were asked for, without the section.</summary>
    public IReadOnlyCollection<string> KeysRead => _read;

    /// <summary>A text that is not empty.</summary>
    public string Text(string key)
    {
        var text = Find(key);
        if (text is { Length: 0 })
        {
            Report(key, text, "a text that is not empty");
        }

        return text ?? string.Empty;
    }

    /// <summary>A whole number within inclusive bounds.</summary>
    public int Integer(string key, int minimum, int maximum)
    {
        var text = Find(key);
        var fits = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum;
        if (text is not null && !fits)
        {
            Report(key, text, string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"));
        }

        return number;
    }

    /// <summary>A span of time longer than zero.</summary>
    public TimeSpan Duration(string key)
    {
        var text = Find(key);
        if (text is null)
        {
            return TimeSpan.Zero;
        }

        var span = TimeSpan.Zero;
        try
        {
            span = config.GetTimeSpan(Path(key), TimeSpan.Zero, allowInfinite: false);
        }
        catch (FormatException)
        {
            // Reported below, as what is no time at all.
        }

        if (span <= TimeSpan.Zero)
        {
            Report(key, text, "a duration longer than zero, such as 500ms, 10s or 5m");
        }

        return span;
    }

    /// <summary>On or off; also true and false, yes and no.</summary>
    public bool Flag(string key)
    {
        var text = Find(key);
        var flag = text is "on" or "true" or "yes";
        if (text is not null && !flag && text is not ("off" or "false" or "no"))
        {
            Report(key, text, "on or off");
        }

        return flag;
    }

    /// <summary>Whole numbers by name.</summary>
    public ImmutableSortedDictionary<string, int> Integers(string key, int minimum, int maximum)
    {
        _read.Add(key);
        var numbers = config.GetConfig(Path(key));
        return numbers is null
            ? ImmutableSortedDictionary<string, int>.Empty
            : numbers.AsEnumerable().ToImmutableSortedDictionary(each => each.Key, each => Integer($"{key}.{each.Key}", minimum, maximum), StringComparer.Ordinal);
    }

    /// <summary>Reports keys of the section that nothing reads.</summary>
    public void RejectUnknown()
    {
        foreach (var key in (config.GetConfig(section)?.AsEnumerable() ?? []).Select(each => each.Key).Where(key => !_read.Contains(key)))
        {
            _faults.Add($"{Path(key)} is not a setting; remove it, or look for the right name among {string.Join(", ", _read.Where(each => !each.Contains('.', StringComparison.Ordinal)).Order(StringComparer.Ordinal))}");
        }
    }

    private string? Find(string key)
    {
        _read.Add(key);
        if (config.HasPath(Path(key)))
        {
            return config.GetString(Path(key));
        }

        _faults.Add($"{Path(key)} has no value; give it one");
        return null;
    }

    private void Report(string key, string text, string expected) => _faults.Add($"{Path(key)} is \"{text}\", expected {expected}");

    private string Path(string key) => $"{section}.{key}";
}
