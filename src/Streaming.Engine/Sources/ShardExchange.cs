using System.Collections.Concurrent;
using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Shards;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Carries what sources and keepers say to each other, where they do not look at each other: at each interval what the sources of this node
/// have confirmed, and what its shards vouch for. Any message may be late or lost; the next one says the same again. Nodes hear this one
/// alone until there are others.
/// </summary>
internal sealed class ShardExchange(EntityTable entities, SourceBoard board, ShardExchange.Heard heard, TimeSpan interval)
    : UntypedActor, IWithTimers
{
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(EntityTable entities, SourceBoard board, Heard heard, TimeSpan interval) =>
        Akka.Actor.Props.Create(() => new ShardExchange(entities, board, heard, interval));

    protected override void PreStart() => Timers.StartPeriodicTimer(Say.Instance, Say.Instance, interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Say:
                SayAll();
                Self.Tell(Said.Instance, Sender);
                break;
            case Said:
                Sender.Tell(message);
                break;
            case SourceProtocol.Progress progress:
                heard.Progress[progress.Run.Partition] = progress.Run;
                break;
            case ShardProtocol.Vouched vouched:
                entities.Types.FirstOrDefault(type => type.Plan.Name == vouched.Type)?.Words[vouched.Shard].Hear(vouched.Word);
                break;
        }
    }

    private void SayAll()
    {
        foreach (var run in board.Runs())
        {
            Self.Tell(new SourceProtocol.Progress(run));
        }

        foreach (var shard in entities.Types.SelectMany(static type => type.Shards))
        {
            if (shard.Vouch is { } word)
            {
                Self.Tell(new ShardProtocol.Vouched(shard.Plan.Name, shard.Number, word));
            }
        }
    }

    /// <summary>What the keepers of this node have heard of sources. Thread-safe.</summary>
    public sealed class Heard
    {
        /// <summary>By partition, what was heard last.</summary>
        public ConcurrentDictionary<TopicPartition, RunProgress> Progress { get; } = new();
    }

    /// <summary>Says all now; the reply is <see cref="Said"/>, once it is heard on this node.</summary>
    public sealed record Say : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Say Instance = new();
    }

    /// <summary>All is said.</summary>
    public sealed record Said : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Said Instance = new();
    }
}
