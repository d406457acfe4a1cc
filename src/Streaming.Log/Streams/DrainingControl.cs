namespace Streaming.Log.Streams;

/// <summary>A source's control and its stream's completion together, for an orderly end: <c>ToMaterialized(sink, DrainingControl.Create)</c>.</summary>
public sealed class DrainingControl<T> : IControl
{
    private readonly IControl _control;

    internal DrainingControl(IControl control, Task<T> streamCompletion)
    {
        _control = control;
        StreamCompletion = streamCompletion;
    }

    /// <summary>The stream's completion.</summary>
    public Task<T> StreamCompletion { get; }

    /// <inheritdoc/>
    public Task IsShutdown => _control.IsShutdown;

    /// <inheritdoc/>
    public Task Stop() => _control.Stop();

    /// <inheritdoc/>
    public Task Shutdown() => _control.Shutdown();

    /// <inheritdoc/>
    public Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion) => _control.DrainAndShutdown(streamCompletion);

    /// <summary>Stops the source and waits until all that it emitted has gone through the stream.</summary>
    public Task<T> DrainAndShutdown() => _control.DrainAndShutdown(StreamCompletion);
}

/// <summary>Makes draining controls.</summary>
public static class DrainingControl
{
    /// <summary>Combines a source's control with its stream's completion.</summary>
    public static DrainingControl<T> Create<T>(IControl control, Task<T> streamCompletion) => new(control, streamCompletion);

    /// <summary>The same for a stream whose completion has no result.</summary>
    public static DrainingControl<Akka.Done> Create(IControl control, Task streamCompletion)
    {
        ArgumentNullException.ThrowIfNull(streamCompletion);
        return new DrainingControl<Akka.Done>(control, DoneAsync(streamCompletion));
    }

    private static async Task<Akka.Done> DoneAsync(Task completion)
    {
        await completion;
        return Akka.Done.Instance;
    }
}
