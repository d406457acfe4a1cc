using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Node.Scoring;

/// <summary>Reads of entities that are not at hand, bounded by <c>streaming.score.read-timeout</c>.</summary>
internal sealed class EntityReads(IFeatureStore store, TimeSpan timeout, TimeProvider clock)
{
    /// <summary>As <see cref="IFeatureStore.ReadAsync"/>.</summary>
    /// <exception cref="TimeoutException">The entity did not answer in time.</exception>
    public async ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read, ReadOnlyMemory<byte> key, long atMillis, EventBatch? request, Memory<FeatureValue> output, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await store.ReadAsync(read, key, atMillis, request, 0, output, either.Token);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"a {read.Entity.Name} did not answer within {timeout}", e);
        }
    }
}
