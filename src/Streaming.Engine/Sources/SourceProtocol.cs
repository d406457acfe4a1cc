using Akka.Actor;
using Streaming.Engine.Entities;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Messages of a partition source, besides what entities tell it.</summary>
internal static class SourceProtocol
{
    /// <summary>Asks the region that the source of a partition be running.</summary>
    public sealed record Ensure(TopicPartition Partition) : INoSerializationVerificationNeeded;

    /// <summary>Asks the source to end its run and to commit; the reply is <see cref="Stopped"/>, once nothing of it uses the log.</summary>
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

    /// <summary>The source knows where its partition ends and may begin. The dead letters before the judged offset are written.</summary>
    public sealed record Ready(string TopicIdentity, long BeginningOffset, long EndOffset, long JudgedOffset) : INoSerializationVerificationNeeded;

    /// <summary>The log could not be looked at.</summary>
    public sealed record NotReady(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>All of a read is applied.</summary>
    /// <param name="Run">Whose read.</param>
    /// <param name="Read">Which read.</param>
    /// <param name="Facts">What is in it.</param>
    public sealed record Applied(DeliveryRun Run, ReadInFlight Read, ReadFacts Facts) : INoSerializationVerificationNeeded;

    /// <summary>The dead letters of a read are written.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="UntilOffset">Where the read ends.</param>
    /// <param name="Poison">The offsets of those that an entity failed on.</param>
    /// <param name="Unexpected">How many nothing foresaw.</param>
    /// <param name="First">Id and detail of the first, an unexpected one if there is one, for the log.</param>
    public sealed record DeadLettersWritten(int Count, long UntilOffset, long[] Poison, int Unexpected, string First) : INoSerializationVerificationNeeded;

    /// <summary>A run ended, and nothing of it is under way any more.</summary>
    public sealed record RunEnded(DeliveryRun Run, Exception? Cause) : INoSerializationVerificationNeeded;

    /// <summary>Something outside is away.</summary>
    /// <param name="Run">Whose run is held.</param>
    /// <param name="What">What is away.</param>
    /// <param name="Reason">How.</param>
    /// <param name="IsLogAway">Whether that is the log, for all its partitions.</param>
    public sealed record Outage(DeliveryRun Run, string What, string Reason, bool IsLogAway) : INoSerializationVerificationNeeded;

    /// <summary>It is back.</summary>
    public sealed record OutageOver(DeliveryRun Run, string What) : INoSerializationVerificationNeeded;

    /// <summary>Time to look at the log's end, and to commit.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Tick Instance = new();
    }

    /// <summary>Time to begin again.</summary>
    public sealed record Restart : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Restart Instance = new();
    }

    /// <summary>The log was looked at.</summary>
    /// <param name="IsMadeAnew">Whether the topic is another than the one that is read; the rest means nothing then.</param>
    /// <param name="There">What is there.</param>
    /// <param name="AtTicks">When it was asked, by the engine's clock.</param>
    public sealed record Looked(bool IsMadeAnew, PartitionDescription There, long AtTicks) : INoSerializationVerificationNeeded;

    /// <summary>A look failed; the next tick tries again.</summary>
    public sealed record LookFailed(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>What is applied is committed.</summary>
    public sealed record Committed : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Committed Instance = new();
    }

    /// <summary>A commit failed; one after a later look tries again. What is applied is applied.</summary>
    public sealed record CommitFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
