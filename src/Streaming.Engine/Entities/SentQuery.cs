using Akka.Actor;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>A query of another process, answered by a message. Its plan puts the values one behind the other.</summary>
/// <param name="asker">Takes the answer.</param>
/// <param name="number">The query's number there.</param>
/// <param name="plan">What to read.</param>
/// <param name="key">The entity key, UTF-8.</param>
/// <param name="atMillis">The event time of the read.</param>
/// <param name="request">A hypothetical event at that time, its only row; null for none.</param>
internal sealed class SentQuery(IActorRef asker, long number, EntityReadPlan plan, byte[] key, long atMillis, EventBatch? request)
    : EntityQuery(plan, key, atMillis, request, 0)
{
    private FeatureValue[] _values = [];

    /// <summary>Takes the answer.</summary>
    public IActorRef Asker { get; } = asker;

    /// <summary>The query's number there.</summary>
    public long Number { get; } = number;

    /// <inheritdoc/>
    protected override bool TryBegin(out Memory<FeatureValue> output)
    {
        output = _values = new FeatureValue[Plan.OutputLength];
        return true;
    }

    /// <inheritdoc/>
    protected override void Complete(ReadOutcome outcome) =>
        Reply(new EntityAnswer(Number, outcome, outcome == ReadOutcome.Done ? _values : [], null));

    /// <inheritdoc/>
    protected override void Fail(Exception fault) =>
        Reply(new EntityAnswer(Number, ReadOutcome.NotHere, [], $"{fault.GetType().Name}: {fault.Message}"));

    private void Reply(EntityAnswer answer) => Asker.Tell(answer, ActorRefs.NoSender);
}
