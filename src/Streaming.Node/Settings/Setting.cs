using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>A value as found.</summary>
/// <param name="Text">The value.</param>
/// <param name="Position">Where it is written.</param>
/// <param name="Variable">The environment variable that gave it; null when the file did.</param>
internal sealed record Setting(string Text, SourcePosition Position, string? Variable);
