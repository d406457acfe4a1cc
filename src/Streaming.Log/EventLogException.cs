namespace Streaming.Log;

/// <summary>Log I/O failed. <see cref="Retriable"/> distinguishes an outage (try again) from what must be fixed first.</summary>
public class EventLogException : IOException
{
    /// <summary>What failed, where, and the cause.</summary>
    public EventLogException(string message, bool retriable, Exception? inner = null)
        : base(message, inner) => Retriable = retriable;

    /// <summary>Whether the same call may succeed later without a change.</summary>
    public bool Retriable { get; }
}
