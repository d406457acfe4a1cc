using Akka.Actor;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>
/// A query: reads features at an event time, in the entity's turn. Output and request belong to the entity once it has begun, and
/// to the caller again once the reply or <see cref="TryAbandon"/> says so: a caller that stops waiting gives its buffer to others.
/// </summary>
internal sealed class ReadEntity(EntityReadPlan plan, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output)
    : INoSerializationVerificationNeeded
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<ReadOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stage;

    /// <summary>The reply.</summary>
    public Task<ReadOutcome> Reply => _completion.Task;

    /// <summary>Reads from the entity's state and replies, unless nobody waits any more. A fault is the asker's, not the entity's.</summary>
    public void Answer(EntityState state)
    {
        if (Interlocked.CompareExchange(ref _stage, Begun, Waiting) != Waiting)
        {
            return;
        }

        try
        {
            _completion.SetResult(state.Read(plan, atMillis, request, row, output.Span));
        }
        catch (Exception fault)
        {
            _completion.SetException(fault);
        }
    }

    /// <summary>Takes the question back; false when the entity is answering it, and the reply is a moment away.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _stage, Abandoned, Waiting) == Waiting;
}
