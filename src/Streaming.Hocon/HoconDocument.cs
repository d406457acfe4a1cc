using System.Collections.Immutable;

namespace Streaming.Hocon;

/// <summary>What a HOCON file says. Where there are diagnostics the tree holds what could be understood around them.</summary>
/// <param name="Root">The members of the file.</param>
/// <param name="Includes">What the file would include, as written, unread.</param>
/// <param name="Substitutions">Its substitutions, as written, unresolved.</param>
/// <param name="Diagnostics">The mistakes of syntax, in the order of the text.</param>
public sealed record HoconDocument(
    HoconObject Root,
    ImmutableArray<Located<string>> Includes,
    ImmutableArray<Located<string>> Substitutions,
    ImmutableArray<Diagnostic> Diagnostics);
