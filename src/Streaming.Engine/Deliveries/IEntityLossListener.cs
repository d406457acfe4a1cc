using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Deliveries;

/// <summary>Learns that an entity stops and loses its state, so that its events are read again. Thread-safe.</summary>
internal interface IEntityLossListener
{
    /// <summary>Whether the node stops: what is still delivered is of no use, and would only make the stop wait.</summary>
    bool IsStopping { get; }

    /// <summary>The entity is still in the directory: from now on its partitions must not count as caught up.</summary>
    void BeforeLoss(EntityState state);

    /// <summary>The entity has left the directory.</summary>
    /// <param name="state">The lost state.</param>
    /// <param name="entity">The entity's type and masked key, for messages.</param>
    void AfterLoss(EntityState state, string entity);

    /// <summary>What an entity of a type had applied cannot be known: all its partitions are read again from the log's beginning.</summary>
    void Distrust(EntityPlan plan, string entity);
}
