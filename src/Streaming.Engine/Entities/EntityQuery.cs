using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>A query: reads features at an event time, on the entity's actor.</summary>
/// <param name="plan">What to read.</param>
/// <param name="key">The entity key, UTF-8.</param>
/// <param name="atMillis">The event time of the read.</param>
/// <param name="request">A hypothetical event at that time; null for none.</param>
/// <param name="row">Its row.</param>
internal abstract class EntityQuery(EntityReadPlan plan, byte[] key, long atMillis, EventBatch? request, int row)
    : IEntityMessage, IEntityQuery, IWireMessage
{
    /// <inheritdoc/>
    public byte[] Key { get; } = key;

    /// <summary>What to read.</summary>
    public EntityReadPlan Plan { get; } = plan;

    /// <summary>The event time of the read.</summary>
    public long AtMillis { get; } = atMillis;

    /// <summary>A hypothetical event at that time; null for none.</summary>
    public EventBatch? Request { get; } = request;

    /// <summary>Its row.</summary>
    public int Row { get; } = row;

    /// <summary>Reads from the entity's state and replies, unless abandoned. A fault goes to the caller, not to the entity.</summary>
    public void Answer(EntityState state)
    {
        if (!TryBegin(out var output))
        {
            return;
        }

        try
        {
            Complete(state.Read(Plan, AtMillis, Request, Row, output.Span));
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    /// <summary>The entity has left memory meanwhile: the caller looks for it again.</summary>
    public void AnswerGone()
    {
        if (TryBegin(out _))
        {
            Complete(ReadOutcome.NotHere);
        }
    }

    /// <summary>Takes the place for the values; false where nobody waits for them any more.</summary>
    protected abstract bool TryBegin(out Memory<FeatureValue> output);

    /// <summary>Replies; the values are in their place where the outcome says so.</summary>
    protected abstract void Complete(ReadOutcome outcome);

    /// <summary>Replies that the read failed.</summary>
    protected abstract void Fail(Exception fault);
}
