using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>
/// The keys of Akka and of its plugins that a node loads, from the files with their defaults, so that a key with a slip in it is a fault
/// and does not pass in silence. Sections with names of one's own stay possible: where Akka has such, and where a section says its type.
/// </summary>
internal static class AkkaKeys
{
    /// <summary>What says what a section of one's own is: a dispatcher, a mailbox, a transport, a plugin.</summary>
    private static readonly string[] s_types = ["type", "mailbox-type", "transport-class", "class"];

    /// <summary>Names in these are the operator's.</summary>
    private static readonly HashSet<string> s_free =
    [
        "akka.actor.deployment", "akka.actor.mailbox.requirements", "akka.actor.router.type-mapping", "akka.actor.serialization-bindings",
        "akka.actor.serialization-identifiers", "akka.actor.serialization-settings", "akka.actor.serializers", "akka.cluster.role",
        "akka.coordinated-shutdown.phases", "akka.discovery.config.services",
    ];

    private static readonly Lazy<Dictionary<string, HashSet<string>>> s_sections = new(AkkaSections.Load);

    /// <summary>The first part of each key that Akka does not know, with the one that it may be meant for.</summary>
    /// <param name="keys">The keys that files give.</param>
    public static IEnumerable<(string Key, string Unknown, string? Nearest)> Unknown(IReadOnlyCollection<string> keys)
    {
        var written = keys.ToHashSet(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (Unknown(key, written) is var (unknown, nearest))
            {
                yield return (key, unknown, nearest);
            }
        }
    }

    private static (string Unknown, string? Nearest)? Unknown(string key, HashSet<string> written)
    {
        var section = "akka";
        foreach (var name in AkkaSections.Split(key).Skip(1))
        {
            if (s_free.Contains(section) || (s_sections.Value.TryGetValue(section, out var names) && names.Count == 0))
            {
                return null;
            }

            var longer = $"{section}.{name}";
            if (names is null || !names.Contains(name))
            {
                return Array.Exists(s_types, type => written.Contains($"{longer}.{type}")) ? null : (longer, Nearest(section, name, key));
            }

            section = longer;
        }

        return null;
    }

    private static string? Nearest(string section, string name, string key)
    {
        if (s_sections.Value.TryGetValue(section, out var names) && NearestName.Find(name, names) is { } near)
        {
            return $"{section}.{near}";
        }

        // A section was left out on the way.
        var end = key[section.Length..];
        return s_sections.Value
            .SelectMany(each => each.Value.Select(child => $"{each.Key}.{child}"))
            .Where(path => path.EndsWith(end, StringComparison.Ordinal))
            .MinBy(path => path.Length);
    }
}
