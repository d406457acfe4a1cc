// Hot: one look-up per read of an entity.
using System.Collections.Immutable;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>The entity types of one engine, by plan; a handful, so that looking at each is quicker than a hash.</summary>
internal sealed class EntityTable(IEnumerable<EntityPlan> plans)
{
    private readonly ImmutableArray<EntityType> _types = [.. plans.Select(plan => new EntityType(plan))];

    /// <summary>All types, in the catalog's order.</summary>
    public ImmutableArray<EntityType> Types => _types;

    /// <summary>The type of a plan, which must be one of the catalog's.</summary>
    public EntityType this[EntityPlan plan]
    {
        get
        {
            foreach (var type in _types)
            {
                if (ReferenceEquals(type.Plan, plan))
                {
                    return type;
                }
            }

            throw new ArgumentException($"entity type {plan.Name} is of another catalog", nameof(plan));
        }
    }
}

/// <summary>One entity type: who is here, and what is read of a key that is not.</summary>
internal sealed class EntityType(EntityPlan plan)
{
    /// <summary>What is computed.</summary>
    public EntityPlan Plan { get; } = plan;

    /// <summary>The entities in this process.</summary>
    public EntityDirectory Directory { get; } = new();

    /// <summary>The state of every entity that nothing was delivered to. Nobody writes to it, so all may read it.</summary>
    public EntityState Empty { get; } = new(plan);
}
