using Streaming.Contracts.Registry;
using Streaming.Log;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>Where answers are logged, while <c>streaming.score.log</c> is on.</summary>
/// <param name="Log">The event log; its topic scores exists.</param>
/// <param name="Registry">Where the schema of scores is registered.</param>
public sealed record ScoreLogTarget(IEventLog Log, ISchemaRegistry Registry);
