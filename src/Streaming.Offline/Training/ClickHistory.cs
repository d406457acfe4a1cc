using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Ingest;
using Streaming.Offline.Backfill;
using Streaming.Offline.Training.Protocols;
using Streaming.Simulation.Generators;
using Streaming.Simulation.Seeding;

namespace Streaming.Offline.Training;

/// <summary>
/// A training set of simulated clicks: for the rows of a label's rule what <c>streaming backfill</c> gives, by the same join over the same
/// events, and what the rule finds in the clicks after each.
/// </summary>
public sealed class ClickHistory
{
    private readonly ServicePlan _service;
    private readonly LookAheadRule _rule;
    private readonly ClickGenerator _generator;
    private readonly EventSource _source = TopicContract.Clicks.Source;

    /// <param name="service">A service of a catalog that has only what it reads.</param>
    /// <param name="label">What is foreseen.</param>
    /// <param name="generator">The history.</param>
    /// <exception cref="NotSupportedException">The service reads what a simulated history does not have, or the label is none of
    /// clicks.</exception>
    public ClickHistory(ServicePlan service, LookAheadLabel label, ClickGenerator generator)
    {
        ArgumentNullException.ThrowIfNull(label);
        (_service, _generator) = (service, generator);
        var feeds = service.Entities.SelectMany(read => read.Plan.Entity.Feeds);
        if (feeds.FirstOrDefault(feed => feed.Source.Name != _source.Name) is { } unknown)
        {
            throw new NotSupportedException(
                $"feature service '{service.Name}' reads {unknown.Source.Name}; the history that such models learn from has clicks only");
        }

        _rule = label.Compile(_source, [])
            ?? throw new NotSupportedException($"the label at {label.Position} names fields that clicks do not have");
    }

    /// <summary>Days before the first row that its windows reach back to: the longest of them and its delay.</summary>
    public int WarmUpDays => FraudHistory.WarmUpDaysOf(_service);

    /// <summary>Days after the last row in which its label shows.</summary>
    public int LabelDays => (int)Math.Ceiling(TimeSpan.FromMilliseconds(_rule.WithinMillis).TotalDays);

    /// <summary>Goes through the days and keeps the rows of those after the warm-up.</summary>
    /// <param name="days">Days whose rows are kept.</param>
    /// <param name="report">Told how many days are done, of the warm-up, these and those of the labels.</param>
    /// <param name="cancellation">Ends it between two days.</param>
    public TrainingSet Build(int days, Action<int> report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var spine = new JoinSpine(_source, _source.IndexOf(TopicContract.Clicks.TimeField));
        using var join = new PointInTimeJoin(_service, spine, [], Environment.ProcessorCount);
        var from = _generator.Options.Start.AddDays(WarmUpDays);
        var rows = new LookAheadRows(_service.FeatureNames, _rule, card: -1, from, from.AddDays(days));
        var columns = new ClickColumns();
        for (var index = 0; index < WarmUpDays + days + LabelDays; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var day = _generator.Day(index);
            columns.Fill(day);
            double[][] vector = [.. _service.FeatureNames.Select(_ => new double[day.Length])];
            var chunk = new EventChunk(columns.Events, Keys(day), Array.ConvertAll(day, click => click.TimeMillis), day.Length, []);
            join.Process(chunk, vector);
            rows.Add(chunk, vector);
            report(index + 1);
        }

        rows.KnownUntil(from.AddDays(days + LabelDays));
        return rows.ToSet();
    }

    // By their numbers: the same entities as by their ids, and cheaper to look up.
    private KeyColumn?[] Keys(GeneratedClick[] day)
    {
        return
        [
            .. _source.Fields.Select(field => field.Name switch
            {
                "user_id" => Numbers(click => click.User),
                "session_id" => Numbers(click => click.Session),
                "item_id" => Numbers(click => click.Item),
                "category" => Numbers(click => click.Category),
                _ => null,
            }),
        ];

        KeyColumn? Numbers(Converter<GeneratedClick, long> number) => new() { Integers = Array.ConvertAll(day, number) };
    }
}
