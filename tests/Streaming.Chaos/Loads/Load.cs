using Streaming.Log;

namespace Streaming.Chaos.Loads;

/// <summary>Loads a world until it is stopped: through the log, over HTTP, with scores and with reads.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];

    public Load(World world, int seed, TimeProvider clock)
    {
        Ledger = new Ledger();
        _loops.Add(Run(new LogLoad(world, Ledger, new EventMaker(seed, "log", clock), clock).RunAsync));
        _loops.Add(Run(new HttpLoad(world, Ledger, new EventMaker(seed, "post", clock)).RunAsync));
        _loops.Add(Run(new ScoreLoad(world, Ledger, new EventMaker(seed, "score", clock)).RunAsync));
        var control = new ControlCard(world, Ledger, clock);
        _loops.Add(Run(control.SendAsync));
        _loops.Add(Run(control.ReadAsync));
    }

    /// <summary>What became of it.</summary>
    public Ledger Ledger { get; }

    /// <summary>Ends it; what fails in it fails here.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private Task Run(Func<CancellationToken, Task> loop) => Task.Run(async () =>
    {
        try
        {
            await loop(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It is stopped.
        }
    });

    /// <summary>Whether a failed append is one that a writer tries again.</summary>
    public static bool IsOutage(Exception failure) => failure is EventLogException { Retriable: true };
}
