namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>The protocol, or the protocol with one mistake that the model must find.</summary>
internal enum ModelTwin
{
    /// <summary>No mistake.</summary>
    None,

    /// <summary>The store looks at no token.</summary>
    NoToken,

    /// <summary>A token is an epoch only.</summary>
    TokenWithoutOwner,

    /// <summary>The manifest is written before the snapshots.</summary>
    ManifestFirst,

    /// <summary>Progress is noted after the flush took its entities.</summary>
    LateProgress,

    /// <summary>A shard takes deliveries of any run.</summary>
    NoAdmission,

    /// <summary>A flush does not look for entities lost meanwhile: it judges what was confirmed when it begins.</summary>
    LossesIgnored,

    /// <summary>A write compares the token only, not how many writes the slot has had of this owner.</summary>
    WritesNotCounted,

    /// <summary>An entity's snapshot is loaded without a look at the token.</summary>
    UncheckedLoad,

    /// <summary>What any run has confirmed counts as progress.</summary>
    MarkWithoutRun,

    /// <summary>What runs have confirmed before a shard opened counts as progress for it.</summary>
    OldRunsCount,

    /// <summary>What runs have confirmed before a shard lost an entity counts as progress for it.</summary>
    LossForgotten,

    /// <summary>A run notes the shards as they are after its restart point.</summary>
    LossesNotedLate,

    /// <summary>A shard takes deliveries of every run that began at or before what its slot vouches for, also of older ones.</summary>
    AdmissionByStart,

    /// <summary>A run forgets what it delivered before any restart point that its source hears of.</summary>
    TrimmedByAnyWord,

    /// <summary>A slot with a damaged snapshot goes on vouching for it while the snapshot is written anew.</summary>
    DistrustNotWritten,

    /// <summary>An entity that was loaded again after a loss is not written again, though an older state of it may be on its way.</summary>
    ReloadedIsClean,
}
