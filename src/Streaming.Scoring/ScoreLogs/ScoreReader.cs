using System.Runtime.CompilerServices;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>Reads answers back from the topic scores; writes nothing, commits nothing.</summary>
public sealed class ScoreReader(IEventLog log, ISchemaRegistry registry)
{
    private readonly TopicReader<Score> _scores = new(log, registry, EventSchemas.Scores);

    /// <summary>
    /// The answers of a range of times, partition by partition, each in the order of the log. One may come twice, with one id.
    /// </summary>
    /// <param name="fromMillis">The first time of an answer.</param>
    /// <param name="toMillis">The time that all answers are before.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IngestException">The registry does not answer, or a record is no score.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async IAsyncEnumerable<Score> ReadAsync(
        long fromMillis, long toMillis, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var score in _scores.ReadAsync(fromMillis, cancellation))
        {
            if (score.AnsweredAt.Millis >= fromMillis && score.AnsweredAt.Millis < toMillis)
            {
                yield return score;
            }
        }
    }
}
