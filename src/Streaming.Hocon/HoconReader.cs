namespace Streaming.Hocon;

/// <summary>
/// Reads HOCON (https://github.com/lightbend/config/blob/main/HOCON.md) and keeps where everything is written, which Akka's own
/// parser does not. It neither includes other files nor resolves substitutions: both are listed in the document.
/// </summary>
public static class HoconReader
{
    /// <summary>Reads a whole file. Never throws for what is in it: mistakes are in <see cref="HoconDocument.Diagnostics"/>.</summary>
    /// <param name="file">The name that positions carry.</param>
    /// <param name="text">The file's content.</param>
    public static HoconDocument Read(string file, string text) => new HoconParser(new SourceText(file, text)).ReadDocument();
}
