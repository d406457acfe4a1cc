// Hot: reads and applies every row of the training set.
using Streaming.Cli.Seeding;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Offline.Generators;
using Streaming.Offline.Training;

namespace Streaming.Cli.Training;

/// <summary>
/// A training set of a simulated history: for every transaction the service's vector as a node would have answered it at that moment, by
/// the same compiled plans, with the labels that had come in by then.
/// </summary>
internal sealed class FraudHistory
{
    private readonly ServicePlan _service;
    private readonly TransactionGenerator _generator;
    private readonly Part[] _parts;
    private readonly Queue<LabelColumns> _labels = new();
    private readonly TransactionColumns _columns;
    private readonly FeatureValue[] _values;
    private readonly long _delayMillis;
    private int _nextLabel;

    /// <param name="service">A service of a catalog that has only what it reads.</param>
    /// <param name="generator">The history.</param>
    /// <exception cref="NotSupportedException">The service reads an entity that is neither card, user nor terminal.</exception>
    public FraudHistory(ServicePlan service, TransactionGenerator generator)
    {
        (_service, _generator) = (service, generator);
        _columns = new TransactionColumns(generator);
        _values = new FeatureValue[service.Reads.Length];
        _parts = [.. service.Entities.Select(read => Part.Of(read, generator.Options))];
        _delayMillis = (long)generator.Options.LabelDelay.TotalMilliseconds;
    }

    /// <summary>Goes through the days and keeps the rows of the last of them.</summary>
    /// <param name="warmUpDays">Days that only fill the windows.</param>
    /// <param name="days">Days whose rows are kept.</param>
    /// <param name="report">Told how many days are done.</param>
    /// <param name="cancellation">Ends it between two days.</param>
    public TrainingSet Build(int warmUpDays, int days, Action<int> report, CancellationToken cancellation)
    {
        var rows = new Rows(_service.FeatureNames.Length);
        for (var index = 0; index < warmUpDays + days; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var day = _generator.Day(index);
            var transactions = Enumerable.Range(0, day.Count).Select(row => day[row]).ToArray();
            _columns.Fill(transactions);
            Process(transactions, index < warmUpDays ? null : rows);
            var labels = new LabelColumns();
            labels.Fill(transactions, _generator.Options.LabelDelay);
            _labels.Enqueue(labels);
            report(index + 1);
        }

        return rows.ToSet(_service);
    }

    private void Process(GeneratedTransaction[] transactions, Rows? keep)
    {
        for (var row = 0; row < transactions.Length; row++)
        {
            ApplyLabels(transactions[row].TimeMillis);
            foreach (var part in _parts)
            {
                var state = part.Of(part.ByTerminal ? transactions[row].Terminal : transactions[row].Card);
                var outcome = part.Transactions is { } feed
                    ? state.ReadThenApply(part.Read.Plan, feed, _columns.Events, row, _values)
                    : state.ReadAlone(part.Read.Plan, transactions[row].TimeMillis, _columns.Events, row, _values);
                if (outcome != ReadOutcome.Done)
                {
                    throw new InvalidOperationException(
                        $"the {part.Read.Plan.Entity.Name} of a transaction at {transactions[row].TimeMillis} ms cannot be read ({outcome}): the history is not in the order of time");
                }
            }

            if (keep is not null)
            {
                _service.Assemble(_values, _columns.Events, row, keep.Next(transactions[row]));
            }
        }
    }

    /// <summary>Applies the labels that had come in by a time, as a node would have.</summary>
    private void ApplyLabels(long nowMillis)
    {
        while (_labels.TryPeek(out var labels))
        {
            for (; _nextLabel < labels.Events.Count; _nextLabel++)
            {
                if (labels.TransactionMillis(_nextLabel) + _delayMillis > nowMillis)
                {
                    return;
                }

                ApplyLabel(labels);
            }

            _labels.Dequeue();
            _nextLabel = 0;
        }
    }

    private void ApplyLabel(LabelColumns labels)
    {
        foreach (var part in _parts)
        {
            if (part.Labels is { } feed)
            {
                part.Of(part.ByTerminal ? labels.Terminal(_nextLabel) : labels.Card(_nextLabel)).Apply(feed, labels.Events, _nextLabel);
            }
        }
    }

    /// <summary>One entity type: what is read of it, and the states of all.</summary>
    private sealed record Part(ServiceRead Read, bool ByTerminal, EntityFeed? Transactions, EntityFeed? Labels, EntityState?[] States)
    {
        public static Part Of(ServiceRead read, TransactionGeneratorOptions world)
        {
            var entity = read.Plan.Entity;
            var key = entity.Feeds[0].Source.Fields[entity.Feeds[0].KeyField].Name;
            return key is "card_id" or "user_id" or "terminal_id"
                ? new Part(
                    read,
                    key == "terminal_id",
                    entity.Feeds.FirstOrDefault(feed => feed.Source.Name == EventSchemas.Transactions),
                    entity.Feeds.FirstOrDefault(feed => feed.Source.Name == EventSchemas.Labels),
                    new EntityState?[key == "terminal_id" ? world.Terminals : world.Cards])
                : throw new NotSupportedException($"entity '{entity.Name}' is keyed by {key}; a simulated history has cards, users and terminals only");
        }

        public EntityState Of(int number) => States[number] ??= new EntityState(Read.Plan.Entity);
    }

    /// <summary>Rows that are kept, row after row.</summary>
    private sealed class Rows(int columns)
    {
        private readonly List<float> _labels = [];
        private readonly List<long> _times = [];
        private readonly List<long> _cards = [];
        private float[] _features = new float[columns * 65_536];

        public Span<float> Next(in GeneratedTransaction transaction)
        {
            var start = _labels.Count * columns;
            if (start + columns > _features.Length)
            {
                Array.Resize(ref _features, _features.Length * 2);
            }

            _labels.Add(transaction.Fraud ? 1 : 0);
            _times.Add(transaction.TimeMillis);
            _cards.Add(transaction.Card);
            return _features.AsSpan(start, columns);
        }

        public TrainingSet ToSet(ServicePlan service) =>
            new(service.FeatureNames, _features[..(_labels.Count * columns)], [.. _labels], [.. _times], [.. _cards]);
    }
}
