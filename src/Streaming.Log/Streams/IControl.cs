using System.Diagnostics.CodeAnalysis;

namespace Streaming.Log.Streams;

/// <summary>Ends a source from outside. Akka.Streams.Kafka's name and shape.</summary>
public interface IControl
{
    /// <summary>Completes once the source has ended, whatever ended it, and never fails.</summary>
    Task IsShutdown { get; }

    /// <summary>The source emits no more; what it emitted goes on through the stream.</summary>
    [SuppressMessage("Naming", "CA1716", Justification = "Akka.Streams.Kafka's name.")]
    Task Stop();

    /// <summary>Stops the source and waits until it has ended.</summary>
    Task Shutdown();

    /// <summary>Stops the source, waits for the stream's own completion, and gives its result or failure.</summary>
    Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion);
}
