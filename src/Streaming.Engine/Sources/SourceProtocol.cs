using Akka.Actor;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Messages of a partition source, besides what entities tell it.</summary>
internal static class SourceProtocol
{
    /// <summary>Asks the region that the source of a partition be running.</summary>
    public sealed record Ensure(TopicPartition Partition) : INoSerializationVerificationNeeded;

    /// <summary>The source knows where its partition ends and may begin.</summary>
    public sealed record Ready(long BeginningOffset, long EndOffset, long CommittedOffset) : INoSerializationVerificationNeeded;

    /// <summary>The log was not there at the start.</summary>
    public sealed record NotReady(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>All of a read is applied.</summary>
    public sealed record Applied(int Run, ReadInFlight Read, long WatermarkMillis) : INoSerializationVerificationNeeded;

    /// <summary>A run ended; a fault means that it begins again.</summary>
    public sealed record RunEnded(int Run, Exception? Cause) : INoSerializationVerificationNeeded;

    /// <summary>Something outside is away (a reason), or back (null).</summary>
    public sealed record Outage(int Run, string? Reason) : INoSerializationVerificationNeeded;

    /// <summary>Time to commit, and to look at the log's end.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Tick Instance = new();
    }

    /// <summary>Time to begin again after a fault.</summary>
    public sealed record Restart : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Restart Instance = new();
    }

    /// <summary>Where the log ends now.</summary>
    public sealed record EndSeen(long EndOffset) : INoSerializationVerificationNeeded;

    /// <summary>A commit or a look at the end failed; the next tick tries again.</summary>
    public sealed record TickFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
