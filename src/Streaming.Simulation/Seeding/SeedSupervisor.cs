using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// Keeps a seed running beside a node: it begins again after an outage of the log or the registry, and a note says so when it ends for
/// another reason. The node goes on without it.
/// </summary>
public sealed class SeedSupervisor(Func<Task> seed, Action<string> note, TimeProvider time)
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);

    /// <summary>Seeds until it is done or cancelled.</summary>
    /// <exception cref="Exception">Why it ended, where trying again does not help.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await seed();
                return;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (
                error is EventLogException { Retriable: true } or IngestException { Failure: IngestFailure.RegistryAway })
            {
                note($"seed: {error.Message}; trying again in {s_again.TotalSeconds:0} s");
                await Task.Delay(s_again, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error)
            {
                note($"seed: {error.Message}; no more simulated events are written; the node goes on");
                throw;
            }
        }
    }
}
