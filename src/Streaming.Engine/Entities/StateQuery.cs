using Akka.Actor;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>A query: the entity's state as bytes, with its applied offsets.</summary>
internal sealed class StateQuery : IEntityQuery, INoSerializationVerificationNeeded
{
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The reply; null where the entity has left memory meanwhile.</summary>
    public Task<ReadOnlyMemory<byte>?> Reply => _completion.Task;

    /// <inheritdoc/>
    public void Answer(EntityState state)
    {
        try
        {
            _completion.SetResult(StateBytes.ToArray(state));
        }
        catch (Exception fault)
        {
            _completion.SetException(fault);
        }
    }

    /// <inheritdoc/>
    public void AnswerGone() => _completion.TrySetResult(null);
}
