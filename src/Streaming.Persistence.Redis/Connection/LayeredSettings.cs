using Streaming.Hocon;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>
/// Settings from several files: a value comes from the environment where a file names a variable for it that is set, otherwise from the
/// strongest file that has it.
/// </summary>
internal sealed class LayeredSettings(IReadOnlyList<HoconDocument> files, Func<string, string?> environment)
{
    private readonly HashSet<string> _read = [];

    /// <summary>Every key that was asked for.</summary>
    public IReadOnlyCollection<string> KeysRead => _read;

    /// <summary>A key's value; null where none is given.</summary>
    public RedisSetting? Find(string key)
    {
        lock (_read)
        {
            _read.Add(key);
        }

        RedisSetting? written = null;
        foreach (var file in files)
        {
            if (file.Root.Find(key) is { } member && (Resolve(member.Value) ?? Resolve(member.Replaced)) is { } setting)
            {
                if (setting.Variable is not null)
                {
                    return setting;
                }

                written ??= setting;
            }
        }

        return written;
    }

    /// <summary>Where a file itself gives a value, whatever the environment says.</summary>
    public SourcePosition? PositionInFile(string key) => files
        .Select(file => file.Root.Find(key)?.Value is HoconScalar { Substitution: false } scalar ? (SourcePosition?)scalar.Position : null)
        .FirstOrDefault(position => position is not null);

    /// <summary>Keys of a section that were not asked for.</summary>
    public IEnumerable<(string Path, SourcePosition Position)> KeysNotRead(string section) => files
        .SelectMany(file => file.Root.Find(section) is { } member ? Walk(section, member) : [])
        .Where(leaf => !_read.Contains(leaf.Path));

    private static IEnumerable<(string Path, SourcePosition Position)> Walk(string path, HoconMember member) =>
        member.Value is HoconObject section
            ? section.Members.SelectMany(child => Walk($"{path}.{child.Key}", child))
            : [(path, member.KeyPosition)];

    private RedisSetting? Resolve(HoconNode? node) => node switch
    {
        HoconScalar { Substitution: false } scalar => new(scalar.Text, scalar.Position, null),
        HoconScalar scalar when scalar.Text.Trim().TrimStart('$').Trim('{', '}', '?', ' ') is var name =>
            environment(name) is { } value ? new(value, scalar.Position, name) : null,
        _ => null,
    };
}

/// <summary>A value as found.</summary>
/// <param name="Text">The value.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="Variable">The environment variable that gave it; null when the file did.</param>
internal sealed record RedisSetting(string Text, SourcePosition Position, string? Variable);
