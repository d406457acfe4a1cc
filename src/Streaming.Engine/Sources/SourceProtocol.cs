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
    /// <param name="WatermarkMillis">The newest event time up to there.</param>
    /// <param name="NewestTimestamp">The newest record timestamp of the read; <see cref="long.MinValue"/> when no record had one.</param>
    /// <param name="Events">Events applied that no earlier run counted.</param>
    public sealed record Applied(DeliveryRun Run, ReadInFlight Read, long WatermarkMillis, long NewestTimestamp, int Events) : INoSerializationVerificationNeeded;

    /// <summary>The dead letters of a read are written.</summary>
    /// <param name="Count">How many.</param>
    /// <param name="UntilOffset">Where the read ends.</param>
    /// <param name="Poison">The offsets of those that an entity failed on.</param>
    /// <param name="First">Id and detail of the first, for the log.</param>
    public sealed record DeadLettersWritten(int Count, long UntilOffset, long[] Poison, string First) : INoSerializationVerificationNeeded;

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

    /// <summary>Time to commit, and to look at the log's end.</summary>
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

    /// <summary>A tick has committed, unless the topic was made anew. What it found: where the log ends now, and the offsets that retention took before they were read.</summary>
    public sealed record Ticked(bool IsMadeAnew, long EndOffset, (long From, long Until)? Overtaken) : INoSerializationVerificationNeeded;

    /// <summary>A commit or a look at the end failed; the next tick tries again.</summary>
    public sealed record TickFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
