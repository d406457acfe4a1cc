using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>
/// HOCON files in layers: a value comes from the environment where any file names a variable for it that is set, else from the
/// strongest file that has it. A value <c>${?NAME}</c> is another key's value or an environment variable; if
/// neither exists, the earlier value of the key stays.
/// </summary>
public sealed class Configuration
{
    private const int MaxIndirections = 16;
    private readonly ImmutableArray<HoconDocument> _layers;
    private readonly Func<string, string?> _environment;

    /// <param name="files">Names and texts, strongest first.</param>
    /// <param name="environment">Looks up an environment variable.</param>
    public Configuration(IEnumerable<(string File, string Text)> files, Func<string, string?> environment)
    {
        _layers = [.. files.Select(file => HoconReader.Read(file.File, file.Text))];
        _environment = environment;
    }

    /// <summary>The mistakes of syntax; includes, which are not followed; substitutions without a value.</summary>
    public IEnumerable<Diagnostic> Faults => _layers.SelectMany(
        layer => layer.Diagnostics
            .Concat(layer.Includes.Select(include => SettingsDiagnostics.Include(include.Position, include.Value)))
            .Concat(HoconLeaves.All(layer.Root).SelectMany(
                leaf => Substitutions.Faults(leaf.Path, leaf.Member.Value, scalar => Resolve(scalar, 0) is not null))));

    /// <summary>The reference.conf that an assembly carries.</summary>
    public static string Reference(Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream("reference.conf")
            ?? throw new InvalidOperationException(
                $"{assembly.GetName().Name} embeds no reference.conf; see EmbeddedResource in its project file");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A section with its substitutions resolved, as HOCON that any parser reads: for <c>akka</c>.</summary>
    public string ToHocon(string section)
    {
        var text = new StringBuilder();
        foreach (var (path, value) in Leaves(section))
        {
            text.Append(path).Append(" = ").AppendLine(value);
        }

        return text.ToString();
    }

    /// <summary>Where the value of a key is written, for faults that another reader found; null if no file gives it one.</summary>
    public SourcePosition? PositionOf(string key) => Find(key)?.Position;

    /// <summary>A key's value and where it is written; null if no file gives it one.</summary>
    internal Setting? Find(string path) => Find(path, 0);

    /// <summary>Where a file holds the value of a key itself, whatever the environment says; null if none does.</summary>
    internal SourcePosition? PositionInFile(string path) => _layers
        .Select(
            layer => layer.Root.Find(path)?.Value is HoconScalar { Substitution: false } scalar ? (SourcePosition?)scalar.Position : null)
        .FirstOrDefault(position => position is not null);

    /// <summary>The first level of all files.</summary>
    internal IEnumerable<(string Name, SourcePosition Position)> Sections =>
        _layers.SelectMany(layer => layer.Root.Members).Select(member => (member.Key, member.KeyPosition));

    /// <summary>The keys under a section in one file that are not objects.</summary>
    internal IEnumerable<(string Path, SourcePosition Position, HoconNode Value)> Keys(string section) =>
        _layers.SelectMany(layer => layer.Root.Find(section) is { } member ? HoconLeaves.Of(section, member) : [])
            .Select(leaf => (leaf.Path, leaf.Member.KeyPosition, leaf.Member.Value));

    /// <summary>The keys under a section that are not objects, with their values as HOCON, substitutions resolved.</summary>
    internal IEnumerable<(string Path, string Value)> Leaves(string section)
    {
        var seen = new HashSet<string>();
        var leaves = _layers.SelectMany(layer => layer.Root.Find(section) is { } member ? HoconLeaves.Of(section, member) : []);
        foreach (var (path, member) in leaves.Where(leaf => seen.Add(leaf.Path)))
        {
            if (member.Value is HoconArray array)
            {
                var items = array.Items.Select(item => Resolve(item, 0)).OfType<Setting>();
                yield return (path, $"[{string.Join(", ", items.Select(item => Quote(item.Text)))}]");
            }
            else if (Find(path) is { } setting)
            {
                yield return (path, Quote(setting.Text));
            }
        }
    }

    private static string Quote(string text) =>
        $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    // Weaker files are searched too: they may name a variable, and the environment overrides every file.
    private Setting? Find(string path, int depth)
    {
        Setting? written = null;
        foreach (var layer in _layers)
        {
            if (layer.Root.Find(path) is { } member && (Resolve(member.Value, depth) ?? Resolve(member.Replaced, depth)) is { } setting)
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

    private Setting? Resolve(HoconNode? node, int depth)
    {
        if (node is not HoconScalar scalar)
        {
            return null;
        }

        if (!scalar.Substitution)
        {
            return new(scalar.Text, scalar.Position, null);
        }

        var name = Substitutions.NameOf(scalar);
        if (_environment(name) is { } value)
        {
            return new(value, scalar.Position, name);
        }

        return depth < MaxIndirections ? Find(name, depth + 1) : null;
    }
}
