using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.DistributedData;
using Akka.Remote;
using Akka.Streams;
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

    /// <summary>Akka reads these too, without a default.</summary>
    private static readonly string[] s_withoutDefault =
    [
        "akka.remote.dot-netty.tcp.enable-pooling", "akka.remote.dot-netty.tcp.ssl.certificate.flags",
        "akka.cluster.sharding.remember-entities-custom-store",
        "akka.cluster.sharding.external-shard-allocation-strategy.client-timeout",
    ];

    private static readonly Lazy<Dictionary<string, HashSet<string>>> s_sections = new(Sections);

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
        foreach (var name in Split(key).Skip(1))
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

    private static IEnumerable<string> Split(string key)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i <= key.Length; i++)
        {
            if (i == key.Length || (key[i] == '.' && !quoted))
            {
                yield return key[start..i];
                start = i + 1;
            }
            else
            {
                quoted ^= key[i] == '"';
            }
        }
    }

    /// <summary>Each section, and each key without a value, with the names in it.</summary>
    private static Dictionary<string, HashSet<string>> Sections()
    {
        var sections = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var assemblies = new[]
        {
            typeof(Config), typeof(RemoteSettings), typeof(Akka.Cluster.Cluster), typeof(ClusterSharding), typeof(ClusterSingletonManager),
            typeof(DistributedData), typeof(Akka.Persistence.Persistence), typeof(ActorMaterializer), typeof(Akka.Coordination.Lease),
            typeof(Akka.Discovery.Discovery),
        };
        foreach (var assembly in assemblies.Select(type => type.Assembly))
        {
            foreach (var file in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".conf", StringComparison.Ordinal)))
            {
                Add(sections, "akka", ConfigurationFactory.FromResource(file, assembly).GetValue("akka"));
            }
        }

        foreach (var key in s_withoutDefault)
        {
            for (var dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1))
            {
                Names(sections, key[..dot]).Add(Split(key[(dot + 1)..]).First());
            }
        }

        return sections;
    }

    private static void Add(Dictionary<string, HashSet<string>> sections, string path, HoconValue value)
    {
        if (!value.IsObject())
        {
            return;
        }

        var names = Names(sections, path);
        foreach (var (key, child) in value.GetObject().Items)
        {
            var name = key.Contains('.', StringComparison.Ordinal) ? $"\"{key}\"" : key;
            names.Add(name);
            Add(sections, $"{path}.{name}", child);
        }
    }

    private static HashSet<string> Names(Dictionary<string, HashSet<string>> sections, string path) =>
        sections.TryGetValue(path, out var names) ? names : sections[path] = new HashSet<string>(StringComparer.Ordinal);
}
