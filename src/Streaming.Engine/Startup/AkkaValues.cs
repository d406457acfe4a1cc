using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Remote;

namespace Streaming.Engine.Startup;

/// <summary>
/// Reads Akka's part of a configuration as the actor system and its plugins will, so that a value that they refuse is known with its key
/// before anything starts. Later it would be an exception somewhere in their start.
/// </summary>
public static class AkkaValues
{
    private static readonly Lazy<Config> s_defaults = new(() => StreamingEngine.ReferenceConfig
        .WithFallback(ClusterSharding.DefaultConfig())
        .WithFallback(ClusterSingleton.DefaultConfig())
        .WithFallback(DistributedData.DefaultConfig())
        .WithFallback(ConfigurationFactory.FromResource<ClusterSettings>("Akka.Cluster.Configuration.Cluster.conf"))
        .WithFallback(ConfigurationFactory.FromResource<RemoteSettings>("Akka.Remote.Configuration.Remote.conf"))
        .WithFallback(ConfigurationFactory.Default()));

    /// <summary>What is refused, with the keys at fault; keys are empty where no single one is, and the fault null if there is none.</summary>
    /// <param name="written">The keys that files give, each with its value in HOCON.</param>
    public static (IReadOnlyList<(string Key, string Fault)> Keys, string? Fault) Refused(IReadOnlyCollection<(string Key, string Value)> written)
    {
        var fault = FaultOf(string.Join('\n', written.Select(Line)));
        return fault is null
            ? ([], null)
            : ([.. from each in written let said = FaultOf(Line(each)) where said is not null select (each.Key, said)], fault);
    }

    private static string Line((string Key, string Value) written) => $"{written.Key} = {written.Value}";

    private static string? FaultOf(string written)
    {
        try
        {
            var akka = ConfigurationFactory.ParseString(written).WithFallback(s_defaults.Value);
            _ = new Akka.Actor.Settings(null, akka);
            _ = new RemoteSettings(akka);
            _ = new ClusterSettings(akka, "node");
            _ = ClusterShardingSettings.Create(akka.GetConfig("akka.cluster.sharding"), akka.GetConfig("akka.cluster.singleton"));
            _ = ReplicatorSettings.Create(akka.GetConfig("akka.cluster.distributed-data"));
            _ = Akka.Event.Logging.LogLevelFor(akka.GetString("akka.loglevel"));
            _ = Akka.Event.Logging.LogLevelFor(akka.GetString("akka.stdout-loglevel"));
            _ = akka.GetTimeSpan("akka.scheduler.tick-duration");
            foreach (var phase in akka.GetValue("akka.coordinated-shutdown.phases").GetObject().Items.Keys)
            {
                _ = akka.GetTimeSpan($"akka.coordinated-shutdown.phases.{phase}.timeout");
            }

            return null;
        }
        catch (Exception refused) when (refused is not OutOfMemoryException)
        {
            // Each plugin throws what it likes; the text is what it says.
            return refused.GetBaseException().Message.TrimEnd('.');
        }
    }
}
