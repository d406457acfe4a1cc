// Hot: one look-up per read of an entity.
using System.Collections.Immutable;
using Streaming.Features.Plans;

namespace Streaming.Engine.Deliveries;

/// <summary>The entity types of one engine, by plan; they are few, so a linear search is faster than a hash.</summary>
/// <param name="plans">The entity types.</param>
/// <param name="shards">How many shards each has.</param>
/// <param name="residency">What this node has in memory.</param>
/// <param name="isDirect">Whether sources and keepers look at each other, instead of telling each other.</param>
internal sealed class EntityTable(IEnumerable<EntityPlan> plans, int shards, Residency residency, bool isDirect)
{
    private readonly ImmutableArray<EntityType> _types = [.. plans.Select(plan => new EntityType(plan, shards, residency, isDirect))];

    /// <summary>What this node has in memory.</summary>
    public Residency Residency => residency;

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

            throw new ArgumentException($"entity type {plan.Name} belongs to another catalog", nameof(plan));
        }
    }
}
