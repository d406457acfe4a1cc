using System.Reflection;

namespace Streaming.Node;

/// <summary>Which version of the program runs: the release, and the commit where it was built from one.</summary>
internal static class NodeVersion
{
    /// <summary>For instance <c>0.1.0+d5dc78d...</c>.</summary>
    public static string Current { get; } =
        typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
