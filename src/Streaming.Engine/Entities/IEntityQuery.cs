using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>A query to an entity's actor. A fault goes to the caller, not to the entity.</summary>
internal interface IEntityQuery
{
    /// <summary>Answers from the entity's state; throws nothing.</summary>
    void Answer(EntityState state);

    /// <summary>The entity has left memory meanwhile: the caller looks for it again.</summary>
    void AnswerGone();
}
