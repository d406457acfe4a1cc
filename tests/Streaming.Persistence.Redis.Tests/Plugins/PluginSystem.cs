using Akka.Actor;
using Akka.Configuration;

namespace Streaming.Persistence.Redis.Tests.Plugins;

/// <summary>An actor system with both plugins, and an inbox in place of a persistent actor.</summary>
internal sealed class PluginSystem : IAsyncDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(30);
    private readonly Inbox _inbox;

    public PluginSystem(string connection, string more = "")
    {
        System = ActorSystem.Create($"s{Guid.NewGuid():N}", ConfigurationFactory.ParseString(
            $$"""
            {{more}}
            akka.loglevel = WARNING
            akka.actor.inbox.inbox-size = 10000
            akka.persistence.journal.plugin = "akka.persistence.journal.redis"
            akka.persistence.journal.redis.configuration-string = "{{connection}}"
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.redis"
            akka.persistence.snapshot-store.redis.configuration-string = "{{connection}}"
            akka.actor.serializers.test = "{{typeof(TestPayloadSerializer).AssemblyQualifiedName}}"
            akka.actor.serialization-bindings {
              "{{typeof(TestPayload).AssemblyQualifiedName}}" = test
            }
            """).WithFallback(RedisPersistencePlugins.ReferenceConfig));
        _inbox = Inbox.Create(System);
    }

    public ActorSystem System { get; }

    public IActorRef Self => _inbox.Receiver;

    public IActorRef Journal => Akka.Persistence.Persistence.Instance.Apply(System).JournalFor("");

    public IActorRef Snapshots => Akka.Persistence.Persistence.Instance.Apply(System).SnapshotStoreFor("");

    /// <summary>The next message, which must be of a type.</summary>
    public async Task<T> ReceiveAsync<T>() => Assert.IsType<T>(await _inbox.ReceiveAsync(s_bound));

    public Task<object> ReceiveAnyAsync() => _inbox.ReceiveAsync(s_bound);

    public void TellJournal(object message) => Journal.Tell(message, Self);

    public async Task<T> AskSnapshotsAsync<T>(object message)
    {
        Snapshots.Tell(message, Self);
        return await ReceiveAsync<T>();
    }

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        _inbox.Dispose();
    }
}
