using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Messages of a partition source, besides those of entities (<see cref="DeliveryGap"/> and others).</summary>
internal static class SourceProtocol
{
    /// <summary>Starts the source of a partition, unless it runs; addressed to the region of all sources.</summary>
    public sealed record Ensure(TopicPartition Partition) : IWireMessage;

    /// <summary>To the nodes of keepers: how far a source has come. Said again and again.</summary>
    public sealed record Progress(RunProgress Run) : IWireMessage;

    /// <summary>Ends the source's run and commits; the reply is <see cref="Stopped"/>, when it no longer uses the log.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Stop Instance = new();
    }

    /// <summary>The source has stopped reading.</summary>
    public sealed record Stopped : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Stopped Instance = new();
    }

    /// <summary>The bounds of the partition are known: a run may begin.</summary>
    public sealed record Ready(string TopicIdentity, long BeginningOffset, long EndOffset, SourceLedger? Ledger)
        : INoSerializationVerificationNeeded
    {
        /// <summary>Where the generation begins; 0 for the log's beginning.</summary>
        public long BeginsAt { get; init; }

        /// <summary>The events that are dead letters and stay so.</summary>
        public IReadOnlyDictionary<long, long> Settled { get; init; } = SettledEvents.None;

        /// <summary>The timestamp of the first record, where others before it are left out, or retention has deleted them.</summary>
        public EventTime BeginningTime { get; init; } = EventTime.None;
    }

    /// <summary>The bounds of the partition could not be read.</summary>
    public sealed record NotReady(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>All of a read is applied.</summary>
    /// <param name="Run">The run of the read.</param>
    /// <param name="Read">The read.</param>
    /// <param name="Facts">Its summary.</param>
    public sealed record Applied(DeliveryRun Run, ReadInFlight Read, ReadFacts Facts) : INoSerializationVerificationNeeded;

    /// <summary>The dead letters of a read are written.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="UntilOffset">The offset behind the read.</param>
    /// <param name="Poison">The offsets of the events that made an entity fail.</param>
    /// <param name="Unexpected">How many were written for unexpected failures.</param>
    /// <param name="First">Id and detail of the first, preferably an unexpected one, for the log.</param>
    public sealed record DeadLettersWritten(int Count, long UntilOffset, long[] Poison, int Unexpected, string First)
        : INoSerializationVerificationNeeded;

    /// <summary>A run ended, and no work of it is in progress.</summary>
    public sealed record RunEnded(DeliveryRun Run, Exception? Cause) : INoSerializationVerificationNeeded;

    /// <summary>A dependency of a run is unavailable.</summary>
    /// <param name="Run">The run that waits.</param>
    /// <param name="Dependency">Its name.</param>
    /// <param name="Reason">The cause.</param>
    /// <param name="IsLogOutage">Whether the whole event log is unavailable, for all its partitions.</param>
    public sealed record Unavailable(DeliveryRun Run, string Dependency, string Reason, bool IsLogOutage)
        : INoSerializationVerificationNeeded;

    /// <summary>The dependency is available again.</summary>
    public sealed record Recovered(DeliveryRun Run, string Dependency) : INoSerializationVerificationNeeded;

    /// <summary>The timer that describes the partition and then commits.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Tick Instance = new();
    }

    /// <summary>The backoff has passed: the next run may be prepared.</summary>
    public sealed record Restart : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Restart Instance = new();
    }

    /// <summary>The partition as the log describes it.</summary>
    /// <param name="IsRecreated">Whether the topic is not the one that is being read; the rest has no meaning then.</param>
    /// <param name="Partition">The description.</param>
    /// <param name="AtTicks">When it was requested, by the engine's clock.</param>
    public sealed record Described(bool IsRecreated, PartitionDescription Partition, long AtTicks) : INoSerializationVerificationNeeded;

    /// <summary>The log could not describe the partition; the next tick tries again.</summary>
    public sealed record DescribeFailed(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>The offset of what is applied is committed.</summary>
    public sealed record Committed : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Committed Instance = new();
    }

    /// <summary>Another process has taken the partition: this engine must not go on.</summary>
    public sealed record Fenced(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>A commit failed; a later tick tries again. Entities are not affected.</summary>
    public sealed record CommitFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
