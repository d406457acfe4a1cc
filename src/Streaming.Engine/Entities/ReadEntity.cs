using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>
/// A query: reads features at an event time, on the entity's actor. Output and request belong to the entity once it has begun,
/// and to the caller again after the reply or a successful <see cref="TryAbandon"/>: a caller that stops waiting reuses its buffer.
/// </summary>
internal sealed class ReadEntity(EntityReadPlan plan, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output)
    : IEntityQuery
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<ReadOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stage;

    /// <summary>The reply.</summary>
    public Task<ReadOutcome> Reply => _completion.Task;

    /// <summary>Reads from the entity's state and replies, unless abandoned. A fault goes to the caller, not to the entity.</summary>
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

    /// <summary>The entity has left memory meanwhile: the caller looks for it again.</summary>
    public void AnswerGone()
    {
        if (Interlocked.CompareExchange(ref _stage, Begun, Waiting) == Waiting)
        {
            _completion.SetResult(ReadOutcome.NotHere);
        }
    }

    /// <summary>Withdraws the query; false when the entity is already answering it, and the reply is about to come.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _stage, Abandoned, Waiting) == Waiting;
}
