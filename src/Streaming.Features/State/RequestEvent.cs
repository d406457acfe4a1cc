using Streaming.Features.Events;

namespace Streaming.Features.State;

/// <summary>The event that a read sees besides what is stored, or that it knows to be stored; the default is none.</summary>
/// <param name="Batch">Where it lies; null for none.</param>
/// <param name="Row">Its row.</param>
/// <param name="PostedAt">Its event time where it is stored; <see cref="long.MinValue"/> where it is hypothetical.</param>
internal readonly record struct RequestEvent(EventBatch? Batch, int Row, long PostedAt)
{
    public static readonly RequestEvent None = new(null, 0, long.MinValue);
}
