using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>What must not stand in a source although no symbol names it; banned symbols are in BannedSymbols.txt (RS0030).</summary>
/// <param name="Pattern">Matches it in a source without comments and texts.</param>
/// <param name="Instead">The reason and the replacement.</param>
internal sealed partial record BannedConstruct(Regex Pattern, string Instead)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<BannedConstruct> All { get; } =
    [
        new(AsyncVoid(), "its exceptions end the process; return a Task"),
        new(EmptyCatch(), "an error that nobody hears of is a fault that nobody finds; handle it, or say in the block why it is none"),
        new(Region(), "a file that needs regions is two files"),
    ];

    /// <summary>Lines (from 0) at which it begins. An empty block may go over several lines.</summary>
    public IEnumerable<int> In(string[] code)
    {
        var text = string.Join('\n', code);
        return Pattern.Matches(text).Select(match => text.AsSpan(0, match.Index).Count('\n'));
    }

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\bcatch\b[^{]*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"^[ \t]*#[ \t]*region\b", RegexOptions.Multiline)]
    private static partial Regex Region();
}
