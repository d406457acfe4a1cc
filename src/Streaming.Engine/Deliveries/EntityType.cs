using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Deliveries;

/// <summary>One entity type: the entities in this process, and the state of all others.</summary>
internal sealed class EntityType(EntityPlan plan)
{
    /// <summary>The type's views and feeds.</summary>
    public EntityPlan Plan { get; } = plan;

    /// <summary>The entities in this process.</summary>
    public EntityDirectory Directory { get; } = new();

    /// <summary>The state of every entity that has had no events. It is never written to, so all threads may read it.</summary>
    public EntityState Empty { get; } = new(plan);
}
