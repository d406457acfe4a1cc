using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>Where answers are logged, while <c>streaming.score.log</c> is on.</summary>
/// <param name="Log">The event log; its topic scores exists.</param>
/// <param name="Schemas">Has the schema of scores.</param>
public sealed record ScoreLogTarget(IEventLog Log, ShippedSchemas Schemas);
