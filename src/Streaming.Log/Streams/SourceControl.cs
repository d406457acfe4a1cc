using Akka.Streams;
using Akka.Streams.Dsl;

namespace Streaming.Log.Streams;

/// <summary>A control over a kill switch at the source's end.</summary>
internal sealed class SourceControl(IKillSwitch kill, Task ended) : IControl
{
    public Task IsShutdown => ended;

    public Task Stop()
    {
        kill.Shutdown();
        return Task.CompletedTask;
    }

    public Task Shutdown()
    {
        kill.Shutdown();
        return ended;
    }

    public async Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion)
    {
        kill.Shutdown();
        try
        {
            return await streamCompletion;
        }
        finally
        {
            await ended;
        }
    }
}

/// <summary>Gives a source a control.</summary>
internal static class SourceControlExtensions
{
    public static Source<T, IControl> WithControl<T, TMat>(this Source<T, TMat> source) => source
        .ViaMaterialized(KillSwitches.Single<T>(), Keep.Right)
        .WatchTermination(static (kill, done) => (IControl)new SourceControl(kill, Ended(done)));

    /// <summary>How it ended is the stream's own result; here it only matters that it did.</summary>
    private static async Task Ended(Task done) => await done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
