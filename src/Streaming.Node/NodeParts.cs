using System.Collections.Immutable;
using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Features.Serving;
using Streaming.Ingest;
using Streaming.Node.Upkeep;
using Streaming.Scoring;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Node;

/// <summary>
/// What the host serves. It owns none of it but the models, which it disposes of; the caller disposes the other parts after the host has
/// stopped.
/// </summary>
/// <param name="Store">Features from memory.</param>
/// <param name="Engine">How far the engine is.</param>
/// <param name="Champion">The model that answers POST /score.</param>
/// <param name="Intake">Where events go.</param>
/// <param name="Clock">The clock.</param>
public sealed record NodeParts(IFeatureStore Store, IEngineStatus Engine, Scorer Champion, IEventIntake Intake, TimeProvider Clock)
{
    /// <summary>The other models, which answer by their names.</summary>
    public ImmutableArray<Scorer> Others { get; init; } = [];

    /// <summary>
    /// How far a scoring request's time may be ahead of both the clock and the newest event: as far as the engine takes events.
    /// </summary>
    public required TimeSpan FutureTolerance { get; init; }

    /// <summary>Whether everything besides catching up is done that the node needs to be ready; evaluated at each call.</summary>
    public Func<bool> IsPrepared { get; init; } = static () => true;

    /// <summary>Whether the node is ready: it has in memory what the log held at the start, and is prepared.</summary>
    internal bool IsReady => Engine.IsReady && IsPrepared();

    /// <summary>The event log at the last look; null where it was not looked at. Evaluated at each call.</summary>
    public Func<LogState?> Log { get; init; } = static () => null;

    /// <summary>What answers are compared with; null for nothing.</summary>
    public ReplayServices? History { get; init; }

    /// <summary>Where answers are logged; null for nowhere.</summary>
    public ScoreLogTarget? Scores { get; init; }
}
