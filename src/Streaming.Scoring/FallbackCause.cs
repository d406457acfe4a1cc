namespace Streaming.Scoring;

/// <summary>Why the declared fallback answered.</summary>
public enum FallbackCause : byte
{
    /// <summary>The model answered.</summary>
    None,

    /// <summary>There is no model: its file could not be loaded.</summary>
    ModelMissing,

    /// <summary>The model threw, or answered no score.</summary>
    ModelFailed,

    /// <summary>The model failed too often of late, and was not asked.</summary>
    ModelOpen,

    /// <summary>An entity did not answer within <c>streaming.engine.read-timeout</c>.</summary>
    EntityTimeout,

    /// <summary>An entity, or the node that holds it, failed.</summary>
    EntityFailed,

    /// <summary>Entities failed too often of late, and were not asked.</summary>
    EntityOpen,

    /// <summary>The request's budget was spent.</summary>
    Budget,
}
