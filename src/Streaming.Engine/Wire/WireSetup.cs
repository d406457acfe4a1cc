using System.Collections.Immutable;
using Akka.Actor.Setup;
using Streaming.Engine.Entities;
using Streaming.Features.Plans;

namespace Streaming.Engine.Wire;

/// <summary>What the engine's serializer needs of the engine in whose actor system it is.</summary>
/// <param name="plans">The entity types; the same on all nodes.</param>
/// <param name="queries">The queries that have left this process.</param>
internal sealed class WireSetup(ImmutableArray<EntityPlan> plans, OpenQueries queries) : Setup
{
    /// <summary>The entity types.</summary>
    public ImmutableArray<EntityPlan> Plans { get; } = plans;

    /// <summary>The queries that have left this process.</summary>
    public OpenQueries Queries { get; } = queries;
}
