using System.Collections.Immutable;
using System.Globalization;
using Streaming.Contracts.Events;
using Streaming.Engine.Replays;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Log;
using Streaming.Scoring;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Node.Parity;

/// <summary>
/// Derives logged answers again: folds out of the log what each entity had applied when it was read, reads at the same event time, and asks
/// the same version of the model. Many answers share one reading of the log. Used by one caller at a time.
/// </summary>
/// <param name="services">The log and the definitions.</param>
/// <param name="scorer">A model; answers of another version of it, or of another model, are compared by their features alone.</param>
public sealed class ScoreRederivation(ReplayServices services, Scorer scorer)
{
    private const string NotKnown =
        "an entity was not in memory, so what it had applied was not logged, and the times of the log's records do not give the answer";

    private readonly LoggedRequestReader _requests = new(scorer);
    private readonly ReadRecomputation _reads = new(services, static (_, _) => ValueTask.CompletedTask);

    /// <summary>Derives answers of the scorer's service again.</summary>
    /// <exception cref="Ingest.IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable, or retention has overtaken the reading.</exception>
    public async Task<IReadOnlyList<RederivedScore>> RunAsync(IReadOnlyList<Score> scores, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var (results, asked) = (new RederivedScore[scores.Count], new List<Attempt>());
        for (var i = 0; i < results.Length; i++)
        {
            if (_requests.TryRead(scores[i], out var fault) is { } request)
            {
                asked.Add(new Attempt(i, scores[i], request, KnownOf(request)));
            }
            else
            {
                results[i] = new(scores[i], null, null, null, [], fault);
            }
        }

        await RunAsync(asked, results, cancellation);

        // An event may have been applied between the look at what was known and the read, or nothing was known: then by the log's times.
        var again = new List<Attempt>();
        foreach (var attempt in asked.Where(attempt => !results[attempt.Index].Differences.IsEmpty || attempt.IsGuess))
        {
            again.Add(attempt with { Known = await KnownByAsync(attempt, cancellation) });
        }

        var second = new RederivedScore[results.Length];
        await RunAsync(again, second, cancellation);
        foreach (var attempt in again)
        {
            var found = second[attempt.Index];
            results[attempt.Index] = found.Differences.IsEmpty && (found.Note is null || attempt.IsGuess) ? found
                : attempt.IsGuess ? found with { Score = null, Decision = null, Differences = [], Note = NotKnown }
                : results[attempt.Index];
        }

        return results;
    }

    private async Task RunAsync(List<Attempt> attempts, RederivedScore[] results, CancellationToken cancellation)
    {
        var reads = await _reads.RunAsync(attempts.SelectMany(static attempt => attempt.Reads()), cancellation);
        var next = 0;
        foreach (var attempt in attempts)
        {
            var own = Enumerable.Range(next, attempt.Request.Entities.Length).Select(i => reads[i]).ToArray();
            next += own.Length;
            results[attempt.Index] = Compare(attempt, own);
        }
    }

    private RederivedScore Compare(Attempt attempt, RecomputedRead[] reads)
    {
        var logged = attempt.Score;
        if (reads.FirstOrDefault(static read => read.Skip is not null) is { Skip: { } skip })
        {
            return new(logged, null, null, null, [], skip == ParitySkip.ShortHistory
                ? "the log no longer has all events that it rests on"
                : "an event of its entities cannot be applied");
        }

        if (Array.Find(reads, static read => read.Outcome != ReadOutcome.Done) is { } refused)
        {
            return new(logged, null, null, null, [], $"its entities cannot be read at {logged.Ts} ({refused.Outcome})");
        }

        var values = new FeatureValue[scorer.Service.Reads.Length];
        values.AsSpan().Fill(new FeatureValue(double.NaN, null, FeatureStatus.Absent, long.MinValue));
        foreach (var (entity, read) in attempt.Request.Entities.Zip(reads))
        {
            foreach (var slot in entity.Plan.Slots)
            {
                values[slot] = read.Values[slot];
            }
        }

        return Compare(logged, attempt.Request, values);
    }

    private RederivedScore Compare(Score logged, LoggedRequest request, FeatureValue[] values)
    {
        var vector = new float[scorer.Service.FeatureNames.Length];
        var result = scorer.Score(request.Event, 0, values, vector);
        var features = ImmutableArray.Create(vector);
        if (logged.Service != scorer.Service.Name || logged.Features.Length != vector.Length)
        {
            return Scored(logged, features, result, [], $"it was answered by the features of {logged.Service}, otherwise than today");
        }

        var differences = ImmutableArray.CreateBuilder<ScoreDifference>();
        for (var i = 0; i < vector.Length; i++)
        {
            if (!((double)vector[i]).Equals(logged.Features[i]))
            {
                differences.Add(new(scorer.Service.FeatureNames[i], Text(logged.Features[i]), Text(vector[i])));
            }
        }

        if (WhyNoScore(logged, result) is { } why)
        {
            return Scored(logged, features, result, differences.ToImmutable(), why);
        }

        if (!result.Score.Equals(logged.Value))
        {
            differences.Add(new("score", Text(logged.Value), Text(result.Score)));
        }

        var decision = DecisionNames.Of(result.Decision).Value;
        if (decision != logged.Decision)
        {
            differences.Add(new("decision", logged.Decision, $"{decision} (the thresholds are others today, if the score is the same)"));
        }

        return Scored(logged, features, result, differences.ToImmutable(), null);
    }

    // Why the scores are not to be compared; null where they are.
    private string? WhyNoScore(Score logged, ScoreResult result) =>
        logged.Fallback ? "the declared fallback answered, which is no function of the features"
        : result.IsFallback ? $"the model {scorer.ModelId} does not answer"
        : $"{logged.Model}@{logged.ModelVersion}" == scorer.ModelId ? null
        : $"the model {logged.Model}@{logged.ModelVersion} is not here, {scorer.ModelId} is: its score is not comparable";

    private static RederivedScore Scored(
        Score logged, ImmutableArray<float> features, ScoreResult result, ImmutableArray<ScoreDifference> differences, string? note) =>
        new(logged, features, result.Score, DecisionNames.Of(result.Decision).Value, differences, note);

    private static ImmutableArray<KnownOffset[]> KnownOf(LoggedRequest request) =>
        [.. request.Entities.Select(static entity => entity.Known ?? [])];

    /// <summary>All that was in the log, by its records' timestamps, when the answer left.</summary>
    private async Task<ImmutableArray<KnownOffset[]>> KnownByAsync(Attempt attempt, CancellationToken cancellation)
    {
        var known = ImmutableArray.CreateBuilder<KnownOffset[]>();
        foreach (var entity in attempt.Request.Entities)
        {
            var offsets = new List<KnownOffset>();
            foreach (var feed in entity.Plan.Entity.Feeds)
            {
                var partitions = (await services.Log.DescribeTopicAsync(feed.Source.Name, cancellation))?.Partitions ?? 0;
                for (var i = 0; i < partitions; i++)
                {
                    var partition = new TopicPartition(feed.Source.Name, i);
                    var end = await services.Log.OffsetForTimestampAsync(partition, attempt.Score.AnsweredAt.Millis + 1, cancellation)
                        ?? await services.Log.EndOffsetAsync(partition, cancellation);
                    offsets.Add(new KnownOffset(feed.Index, i, end - 1));
                }
            }

            known.Add([.. offsets]);
        }

        return known.ToImmutable();
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private sealed record Attempt(int Index, Score Score, LoggedRequest Request, ImmutableArray<KnownOffset[]> Known)
    {
        public bool IsGuess => Request.Entities.Any(static entity => entity.Known is null);

        public IEnumerable<PinnedRead> Reads() => Request.Entities.Zip(
            Known, (entity, known) => LoggedRead.Of(entity.Plan, entity.Key, Score.Ts.Millis, Request.Event, known));
    }
}
