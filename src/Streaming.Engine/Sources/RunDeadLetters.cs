using Akka.Actor;
using Streaming.Contracts.Events;
using Streaming.Engine.Deliveries;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>Writes the dead letters of one run, through outages of registry and log.</summary>
internal sealed class RunDeadLetters(DeadLetterWriter writer, DeliveryRun run, DependencyRetry registry, DependencyRetry topic)
{
    /// <summary>Writes the dead letters of one read and reports them to the source.</summary>
    /// <param name="due">Those that are not written yet; at least one.</param>
    /// <param name="untilOffset">The offset behind the read.</param>
    /// <param name="stop">Ends the waits.</param>
    public async Task WriteAsync(List<DeadLetter> due, long untilOffset, CancellationToken stop)
    {
        while (ShippedSchemas.ReasonOf(await writer.PrepareAsync(stop)) is { } reason)
        {
            await registry.WaitAsync(reason, isLogOutage: false, stop);
        }

        registry.Succeeded();
        await AppendAsync(due, stop);
        long[] poison = [.. due.Where(letter => letter.Reason == DeadLetterReason.Poison).Select(letter => letter.Offset)];
        var first = due.Find(letter => letter.Reason == DeadLetterReason.Unexpected) ?? due[0];
        var unexpected = due.Count(letter => letter.Reason == DeadLetterReason.Unexpected);
        run.Source.Tell(
            new SourceProtocol.DeadLettersWritten(due.Count, untilOffset, poison, unexpected, $"{first.Id}: {first.Detail}"),
            ActorRefs.NoSender);
    }

    private async Task AppendAsync(List<DeadLetter> due, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await writer.AppendAsync(due, stop);
                topic.Succeeded();
                return;
            }
            catch (EventLogException failure)
            {
                // A permanent failure waits too: an operator may fix it, and a new run would meet the same one.
                await topic.WaitAsync(failure.Message, failure.Retriable, stop);
            }
        }
    }
}
