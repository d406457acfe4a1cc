using Streaming.Cli.Shell;
using Streaming.Log;

namespace Streaming.Cli.Running;

/// <summary>
/// A seed beside a node: begins again after an outage of the log or the registry, and says at once when it ends for another reason. The
/// node goes on without it.
/// </summary>
internal sealed class LastingSeed(Func<Task> seed, Terminal terminal)
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
            catch (Exception error) when (error is EventLogException { Retriable: true } or CliFailure { Code: ExitCode.Unreachable })
            {
                terminal.Note($"seed: {error.Message}; trying again in {s_again.TotalSeconds:0} s");
                await Task.Delay(s_again, terminal.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error)
            {
                terminal.Note($"seed: {error.Message}; no more simulated events come, the node goes on");
                throw;
            }
        }
    }
}
