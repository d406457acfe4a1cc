using System.Text.RegularExpressions;

namespace Streaming.Architecture.Tests;

/// <summary>What must not stand in a source, and what to write instead.</summary>
/// <param name="Pattern">Matches it on a line without comments and texts.</param>
/// <param name="Instead">The reason and the replacement.</param>
/// <param name="Folders">Where it is banned.</param>
/// <param name="Except">Paths that begin so may have it.</param>
internal sealed partial record BannedSymbol(Regex Pattern, string Instead, string[] Folders, params string[] Except)
{
    private static readonly string[] s_src = ["src"];
    private static readonly string[] s_pure = ["src/Streaming.Features"];
    private static readonly string[] s_everywhere = ["src", "tests"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BannedSymbol> All { get; } =
    [
        new(Clock(), "time is an argument or a TimeProvider: tests must be able to move it", s_everywhere),
        new(Files(), "features are pure; whoever asks for them reads the files and passes names and texts", s_pure),
        new(ImpureClock(), "features are pure; time is event time, and an argument", s_pure),
        new(Chance(), "features are pure and the same in a replay; chance comes from a seed that is an argument", s_pure),
        new(Sleep(), "a thread that sleeps serves nobody; await a condition", s_everywhere),
        new(Blocking(), "blocking on a task starves the thread pool; await it", s_src),
        new(AsyncVoid(), "its exceptions end the process; return a Task", s_everywhere),
        new(EmptyCatch(), "an error that nobody hears of is a fault that nobody finds; handle it, or say in the block why it is none", s_everywhere),
        new(Console(), "only the command line talks to a console; log, or return a value", s_src, "src/Streaming.Cli/", "src/Streaming.Node/NodeLogging.cs"),
        new(Region(), "a file that needs regions is two files", s_everywhere),
        new(Unfinished(), "finish it, or open an issue", s_everywhere),
    ];

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b")]
    private static partial Regex Clock();

    // Some types have a property File; what hangs on it is written with a point before it.
    [GeneratedRegex(@"(?<![.\w])(File|Directory)\.[A-Z]|\b(FileStream|FileInfo|DirectoryInfo|StreamReader|StreamWriter|RandomAccess)\b|\bSystem\.IO\.(?!Hashing\b)")]
    private static partial Regex Files();

    [GeneratedRegex(@"\bTimeProvider\.System\b|\bStopwatch\b|\bEnvironment\.TickCount(64)?\b")]
    private static partial Regex ImpureClock();

    [GeneratedRegex(@"\bRandom\.Shared\b|\bnew\s+Random\s*\(\s*\)|\bRandom\b[^;=()]*=\s*new\s*\(\s*\)|\bGuid\.NewGuid\b|\bRandomNumberGenerator\b")]
    private static partial Regex Chance();

    [GeneratedRegex(@"\bThread\.Sleep\b")]
    private static partial Regex Sleep();

    // .Result of a record or an outcome is a value; it blocks where it hangs on a call or a task.
    [GeneratedRegex(@"\.Wait\(\)|\.GetAwaiter\(\)\.GetResult\(\)|(Async\([^()]*\)|[Tt]ask)\.Result\b")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\bcatch\b[^{]*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex Console();

    [GeneratedRegex(@"^\s*#\s*region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex Unfinished();
}
