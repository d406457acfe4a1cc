namespace Streaming.Hocon;

/// <summary>Something read from a file and where it is written, so that a later check can point at it.</summary>
public readonly record struct Located<T>(T Value, SourcePosition Position);
