using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>A key of a section whose names are not ours, such as librdkafka's.</summary>
/// <param name="Key">The full path, with quotes where it is written with them.</param>
/// <param name="Name">The part after the section, without quotes.</param>
/// <param name="Position">Where the key is written.</param>
/// <param name="Setting">Its value.</param>
internal sealed record FreeSetting(string Key, string Name, SourcePosition Position, Setting Setting)
{
    /// <summary>The name after the section.</summary>
    public static string NameOf(string path, string section) =>
        path[(section.Length + 1)..].Replace("\"", string.Empty, StringComparison.Ordinal);
}
