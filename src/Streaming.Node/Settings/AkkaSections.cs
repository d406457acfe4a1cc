using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.DistributedData;
using Akka.Remote;
using Akka.Streams;

namespace Streaming.Node.Settings;

/// <summary>
/// Reads which sections and keys Akka knows, from the files with the defaults in its assemblies and those of its plugins that a node loads.
/// </summary>
internal static class AkkaSections
{
    /// <summary>Akka reads these too, without a default.</summary>
    private static readonly string[] s_withoutDefault =
    [
        "akka.remote.dot-netty.tcp.enable-pooling", "akka.remote.dot-netty.tcp.ssl.certificate.flags",
        "akka.cluster.sharding.remember-entities-custom-store",
        "akka.cluster.sharding.external-shard-allocation-strategy.client-timeout",
    ];

    /// <summary>Each section, and each key without a value, with the names in it.</summary>
    public static Dictionary<string, HashSet<string>> Load()
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

    /// <summary>The names of a key; one in quotes may have dots.</summary>
    public static IEnumerable<string> Split(string key)
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
