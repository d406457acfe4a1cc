using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Offline.Backfill;
using Streaming.Offline.Generators;

namespace Streaming.Offline.Training;

/// <summary>How much of a generated history to learn from.</summary>
public sealed record GeneratedHistoryOptions
{
    /// <summary>What is simulated.</summary>
    public TransactionGeneratorOptions Generator { get; init; } = new();

    /// <summary>Days before the first row, so that the longest window and its delay are full.</summary>
    public int WarmUpDays { get; init; } = 37;

    /// <summary>Days with rows: to learn from, to wait for labels, to test on.</summary>
    public int Days { get; init; } = 21;
}

/// <summary>
/// Simulates a history and computes a service's vectors for its last days, point in time: each label is applied when it becomes
/// known, and transactions do not carry their truth, just as in a running system.
/// </summary>
public static class GeneratedHistory
{
    /// <summary>Builds the training set.</summary>
    /// <param name="catalog">The compiled definitions.</param>
    /// <param name="service">A service over transactions and labels.</param>
    /// <param name="options">How much.</param>
    /// <param name="progress">Told after each day how many of all are done.</param>
    /// <param name="cancellation">Ends the work between two days.</param>
    /// <exception cref="BackfillException">There is no such service.</exception>
    public static TrainingSet Build(
        FeatureCatalog catalog, string service, GeneratedHistoryOptions options, IProgress<(int Done, int Days)>? progress, CancellationToken cancellation)
    {
        var named = catalog.FindService(service) ?? throw new BackfillException($"there is no feature service '{service}'");
        var plan = catalog.For(named).Services[0];
        var join = new PointInTimeJoin(plan, EventSchemas.Sources[EventSchemas.Transactions], Environment.ProcessorCount);
        var generator = new TransactionGenerator(options.Generator);
        var delayDays = (int)Math.Ceiling(options.Generator.LabelDelay.TotalDays);
        var rows = new Rows(plan.FeatureNames.Length);
        var known = new Queue<TransactionDay>();
        for (var day = 0; day < options.WarmUpDays + options.Days; day++)
        {
            cancellation.ThrowIfCancellationRequested();
            var transactions = generator.Day(day);
            known.Enqueue(transactions);
            var labels = known.Count > delayDays ? LabelsOf(known.Dequeue(), options.Generator.LabelDelay) : null;
            var vector = rows.Reserve(transactions.Count);
            join.Process(ChunkOf(transactions), labels, vector);
            if (day >= options.WarmUpDays)
            {
                rows.Keep(transactions);
            }

            progress?.Report((day + 1, options.WarmUpDays + options.Days));
        }

        return rows.ToTrainingSet(plan);
    }

    private static SpineChunk ChunkOf(TransactionDay day)
    {
        var source = EventSchemas.Sources[EventSchemas.Transactions];
        var batch = new EventBatch(source, default, day.Count) { Count = day.Count };
        Fill(batch, day, "ts", day.Times);
        day.Amounts.CopyTo(batch.Numbers(source.IndexOf("amount")), 0);
        FillTexts(batch, day.Count, "event_id", row => GeneratedIds.Transaction(day.FirstId + row));
        FillTexts(batch, day.Count, "card_id", row => GeneratedIds.Card(day.Cards[row]));
        FillTexts(batch, day.Count, "terminal_id", row => GeneratedIds.Terminal(day.Terminals[row]));
        FillTexts(batch, day.Count, "user_id", row => GeneratedIds.User(day.Cards[row]));
        foreach (var field in new[] { "currency", "mcc", "country", "channel", "fraud" })
        {
            SetNull(batch, day.Count, source.IndexOf(field));
        }

        return new SpineChunk(batch, Keys(source, day), day.Times, day.Count, []);
    }

    private static OtherEvents LabelsOf(TransactionDay day, TimeSpan delay)
    {
        var source = EventSchemas.Sources[EventSchemas.Labels];
        var batch = new EventBatch(source, default, day.Count) { Count = day.Count };
        var arrivals = Array.ConvertAll(day.Times, time => time + (long)delay.TotalMilliseconds);
        Fill(batch, day, "transaction_ts", day.Times);
        Fill(batch, day, "labelled_at", arrivals);
        var fraud = batch.Numbers(source.IndexOf("fraud"));
        for (var row = 0; row < day.Count; row++)
        {
            fraud[row] = day[row].Fraud ? 1 : 0;
        }

        FillTexts(batch, day.Count, "transaction_id", row => GeneratedIds.Transaction(day.FirstId + row));
        FillTexts(batch, day.Count, "card_id", row => GeneratedIds.Card(day.Cards[row]));
        FillTexts(batch, day.Count, "terminal_id", row => GeneratedIds.Terminal(day.Terminals[row]));
        return new OtherEvents(batch, Keys(source, day), arrivals, day.Count);
    }

    private static KeyColumn?[] Keys(EventSource source, TransactionDay day)
    {
        var keys = new KeyColumn?[source.Fields.Length];
        keys[source.IndexOf("card_id")] = new KeyColumn { Integers = Array.ConvertAll(day.Cards, card => (long)card) };
        keys[source.IndexOf("terminal_id")] = new KeyColumn { Integers = Array.ConvertAll(day.Terminals, terminal => (long)terminal) };
        if (source.IndexOf("user_id") is >= 0 and var user)
        {
            keys[user] = keys[source.IndexOf("card_id")];
        }

        return keys;
    }

    private static void Fill(EventBatch batch, TransactionDay day, string field, long[] times) =>
        times.AsSpan(0, day.Count).CopyTo(batch.Times(batch.Source.IndexOf(field)));

    private static void FillTexts(EventBatch batch, int rows, string field, Func<int, string> text)
    {
        var column = batch.Texts(batch.Source.IndexOf(field));
        var bytes = new List<byte>(16 * rows);
        for (var row = 0; row < rows; row++)
        {
            var utf8 = Encoding.UTF8.GetBytes(text(row));
            column.Set(row, bytes.Count, utf8.Length);
            bytes.AddRange(utf8);
        }

        column.Buffer = [.. bytes];
    }

    private static void SetNull(EventBatch batch, int rows, int field)
    {
        for (var row = 0; row < rows; row++)
        {
            batch[field]!.SetNull(row);
        }
    }

    // Gathers the kept days' vectors, row after row.
    private sealed class Rows(int columns)
    {
        private readonly List<float> _features = [];
        private readonly List<float> _labels = [];
        private readonly List<long> _times = [];
        private readonly List<long> _cards = [];
        private readonly double[][] _vector = [.. Enumerable.Range(0, columns).Select(_ => Array.Empty<double>())];

        public double[][] Reserve(int rows)
        {
            for (var i = 0; i < columns; i++)
            {
                if (_vector[i].Length < rows)
                {
                    _vector[i] = new double[rows];
                }
            }

            return _vector;
        }

        public void Keep(TransactionDay day)
        {
            for (var row = 0; row < day.Count; row++)
            {
                foreach (var column in _vector)
                {
                    _features.Add((float)column[row]);
                }

                _labels.Add(day[row].Fraud ? 1 : 0);
            }

            _times.AddRange(day.Times);
            _cards.AddRange(Array.ConvertAll(day.Cards, card => (long)card));
        }

        public TrainingSet ToTrainingSet(ServicePlan plan) => new(plan.FeatureNames, [.. _features], [.. _labels], [.. _times], [.. _cards]);
    }
}
