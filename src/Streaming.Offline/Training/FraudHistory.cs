using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Ingest;
using Streaming.Offline.Backfill;
using Streaming.Simulation.Generators;
using Streaming.Simulation.Seeding;

namespace Streaming.Offline.Training;

/// <summary>
/// A training set of a simulated history: for every transaction what <c>streaming backfill</c> gives for it, by the same join over the
/// same events, with the truth beside it. The events go from the generator into the join without files between; a label is in the log
/// when it becomes known.
/// </summary>
public sealed class FraudHistory
{
    private readonly ServicePlan _service;
    private readonly TransactionGenerator _generator;
    private readonly JoinSpine _spine;

    /// <param name="service">A service of a catalog that has only what it reads.</param>
    /// <param name="generator">The history.</param>
    /// <exception cref="NotSupportedException">The service reads what a simulated history does not have.</exception>
    public FraudHistory(ServicePlan service, TransactionGenerator generator)
    {
        (_service, _generator) = (service, generator);
        _spine = new JoinSpine(
            TopicContract.Transactions.Source, TopicContract.Transactions.Source.IndexOf(TopicContract.Transactions.TimeField));
        if (Feeds.FirstOrDefault(feed => feed.Source.Name is not (EventSchemas.Transactions or EventSchemas.Labels)) is { } unknown)
        {
            throw new NotSupportedException(
                $"feature service '{service.Name}' reads {unknown.Source.Name}; the history that models are trained on has transactions " +
                "and labels only");
        }
    }

    /// <summary>
    /// Days before the first row that its windows reach back to: the longest of them and its delay. Of a lifetime's features they are
    /// the life.
    /// </summary>
    public int WarmUpDays => WarmUpDaysOf(_service);

    /// <summary>As <see cref="WarmUpDays"/>, of a service.</summary>
    internal static int WarmUpDaysOf(ServicePlan service) => (int)Math.Ceiling(TimeSpan.FromMilliseconds(
        service.Entities.SelectMany(read => read.Plan.Entity.Views)
            .Select(view => view.LongestMillis + view.DelayMillis)
            .DefaultIfEmpty(0)
            .Max()).TotalDays);

    private IEnumerable<EntityFeed> Feeds => _service.Entities.SelectMany(read => read.Plan.Entity.Feeds);

    /// <summary>Goes through the days and keeps the rows of the last of them.</summary>
    /// <param name="warmUpDays">Days that only fill the windows.</param>
    /// <param name="days">Days whose rows are kept.</param>
    /// <param name="report">Told how many days are done.</param>
    /// <param name="cancellation">Ends it between two days.</param>
    public TrainingSet Build(int warmUpDays, int days, Action<int> report, CancellationToken cancellation)
    {
        var labels = Feeds.Where(feed => feed.Source == TopicContract.Labels.Source).DistinctBy(feed => feed.TimeField);
        using var join = new PointInTimeJoin(
            _service,
            _spine,
            [.. labels.Select(feed => new JoinedEvents(feed.Source, feed.TimeField, Labels(warmUpDays + days)))],
            Environment.ProcessorCount);
        var (columns, rows) = (new TransactionColumns(_generator), new TrainingRows(_service.FeatureNames));
        double[][] vector = [.. _service.FeatureNames.Select(_ => Array.Empty<double>())];
        for (var index = 0; index < warmUpDays + days; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var day = _generator.Day(index);
            columns.Fill(RowsOf(day));
            if (vector[0].Length < day.Count)
            {
                vector = [.. vector.Select(_ => new double[day.Count])];
            }

            join.Process(new EventChunk(columns.Events, Keys(columns.Events.Source, day), day.Times, day.Count, []), vector);
            if (index >= warmUpDays)
            {
                rows.Add(day, vector);
            }

            report(index + 1);
        }

        return rows.ToSet();
    }

    /// <summary>The labels of all days in the order in which they become known.</summary>
    private IEnumerable<EventChunk> Labels(int days)
    {
        var delay = _generator.Options.LabelDelay;
        foreach (var day in _generator.Days(0, days))
        {
            var columns = new LabelColumns();
            columns.Fill(RowsOf(day), delay);
            var knownAt = Array.ConvertAll(day.Times, time => time + (long)delay.TotalMilliseconds);
            yield return new EventChunk(columns.Events, Keys(columns.Events.Source, day), knownAt, day.Count, []);
        }
    }

    private static GeneratedTransaction[] RowsOf(TransactionDay day) => [.. Enumerable.Range(0, day.Count).Select(row => day[row])];

    // Cards, users and terminals by their numbers: the same entities as by their ids, and cheaper to look up.
    private static KeyColumn?[] Keys(Features.Events.EventSource source, TransactionDay day)
    {
        var cards = new KeyColumn { Integers = Array.ConvertAll(day.Cards, card => (long)card) };
        var terminals = new KeyColumn { Integers = Array.ConvertAll(day.Terminals, terminal => (long)terminal) };
        return
        [
            .. source.Fields.Select(field => field.Name switch { "card_id" or "user_id" => cards, "terminal_id" => terminals, _ => null }),
        ];
    }
}
