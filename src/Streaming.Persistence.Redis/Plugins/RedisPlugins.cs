using Akka.Actor;

namespace Streaming.Persistence.Redis.Plugins;

/// <summary>
/// What the plugins of one actor system share: a connection for each configuration-string, closed when the system ends.
/// </summary>
internal sealed class RedisPlugins : IExtension, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RedisPluginServer> _servers = new(StringComparer.Ordinal);

    /// <summary>Those of a system.</summary>
    public static RedisPlugins Get(ActorSystem system) => system.WithExtension<RedisPlugins, RedisPluginsProvider>();

    /// <summary>The connection for a configuration-string; connecting begins with the first call.</summary>
    public RedisPluginServer Server(string configuration)
    {
        lock (_gate)
        {
            if (!_servers.TryGetValue(configuration, out var server))
            {
                _servers[configuration] = server = new(configuration);
            }

            return server;
        }
    }

    /// <summary>How many connections there are.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _servers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var server in _servers.Values)
            {
                server.Dispose();
            }

            _servers.Clear();
        }
    }
}
