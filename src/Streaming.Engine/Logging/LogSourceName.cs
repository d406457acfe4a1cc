using System.Text.RegularExpressions;

namespace Streaming.Engine.Logging;

/// <summary>
/// The source of one of Akka's log lines, for operators: an actor's path within its system, without what changes at each start (address,
/// uid), or the name of a part that is not an actor.
/// </summary>
internal static partial class LogSourceName
{
    private const string Nameless = "Akka";

    /// <summary>The name; of <c>[akka://streaming/system/sharding/card/2#1888210520]</c> it is <c>sharding/card/2</c>.</summary>
    /// <param name="source">The source as Akka writes it, with entity keys masked.</param>
    public static string Of(string source)
    {
        var path = ActorPath().Match(source);
        var name = path.Success ? IdOf(path.Groups["path"].Value) : source.Split('(')[0].Trim(' ', '[');
        return name.Length == 0 ? Nameless : name;
    }

    // Sharding escapes the ids of its entities; those of sources and keepers have nothing else to escape.
    private static string IdOf(string path) =>
        path.Replace("%24", "$", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\[?akka[\w.]*://[^/]*/(?:system/|user/)?(?<path>[^#\]]*)")]
    private static partial Regex ActorPath();
}
