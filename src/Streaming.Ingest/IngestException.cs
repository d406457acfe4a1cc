namespace Streaming.Ingest;

/// <summary>Events cannot be written. The message says what is wrong, where, and what to do.</summary>
public sealed class IngestException(IngestFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public IngestFailure Failure { get; } = failure;
}
