using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>
/// A query of this process. Output and request belong to the entity once it has begun, and to the caller again after the reply or a
/// successful <see cref="TryAbandon"/>: a caller that stops waiting reuses its buffer.
/// </summary>
internal sealed class ReadEntity(
    EntityReadPlan plan, byte[] key, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output)
    : EntityQuery(plan, key, atMillis, request, row)
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Abandoned = 2;

    private readonly TaskCompletionSource<ReadOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _stage;

    /// <summary>The reply.</summary>
    public Task<ReadOutcome> Reply => _completion.Task;

    /// <summary>Its number among the queries that have left this process; 0 while it has not (<see cref="OpenQueries"/>).</summary>
    public long Number { get; set; }

    /// <summary>Whether nobody has answered it, nor withdrawn it.</summary>
    public bool IsWaiting => Volatile.Read(ref _stage) == Waiting;

    /// <summary>Withdraws the query; false when the entity is already answering it, and the reply is about to come.</summary>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _stage, Abandoned, Waiting) == Waiting;

    /// <summary>The answer came as a message.</summary>
    public void Take(EntityAnswer answer)
    {
        if (!TryBegin(out var values))
        {
            return;
        }

        try
        {
            for (var i = 0; i < answer.Values.Length; i++)
            {
                values.Span[Plan.Slots[i]] = answer.Values[i];
            }

            if (answer.Fault is { } fault)
            {
                throw new InvalidOperationException($"the entity could not be read where it lives: {fault}");
            }

            Complete(answer.Outcome);
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    /// <inheritdoc/>
    protected override bool TryBegin(out Memory<FeatureValue> values)
    {
        values = output;
        return Interlocked.CompareExchange(ref _stage, Begun, Waiting) == Waiting;
    }

    /// <inheritdoc/>
    protected override void Complete(ReadOutcome outcome) => _completion.SetResult(outcome);

    /// <inheritdoc/>
    protected override void Fail(Exception fault) => _completion.SetException(fault);
}
