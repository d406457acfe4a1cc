using Akka.Actor;

namespace Streaming.Persistence.Redis.Plugins;

/// <summary>Makes the extension; Akka keeps one for each system.</summary>
internal sealed class RedisPluginsProvider : ExtensionIdProvider<RedisPlugins>
{
    /// <inheritdoc/>
    public override RedisPlugins CreateExtension(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var plugins = new RedisPlugins();
        system.RegisterOnTermination(plugins.Dispose);
        return plugins;
    }
}
