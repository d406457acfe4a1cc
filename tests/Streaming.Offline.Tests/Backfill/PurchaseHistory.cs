using System.Globalization;
using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Backfill;

/// <summary>A payment and what became known of it.</summary>
internal sealed record Purchase(int Id, int Card, string Terminal, double Amount, long Ts, bool Fraud, long LabelledAt)
{
    /// <summary>From when a node can know the label.</summary>
    public long KnownAt => Math.Max(Ts, LabelledAt);

    /// <summary>Who paid: null or empty where nobody knows.</summary>
    public string? User => (Id % 7) switch { 0 or 1 => null, 2 => string.Empty, _ => $"u{Id % 3}" };
}

/// <summary>
/// Random payments whose labels come at once, within a week, to the minute a week later, or much later; many of them share their times. As lists, as batches,
/// and as files: the cards are whole numbers in one file and texts in the other, the labels sorted or not.
/// </summary>
internal sealed class PurchaseHistory
{
    public const long Minute = 60_000;
    public const long Day = 1_440 * Minute;
    public const long Start = 1_767_225_600_000;

    public PurchaseHistory(int seed, int count)
    {
        var random = new Random(seed);
        var times = Enumerable.Range(0, count).Select(_ => Start + (random.Next(40 * 24) * 60 * Minute)).Order().ToArray();
        Purchases = [.. times.Select((ts, id) => new Purchase(
            id, random.Next(5) - 1, "t" + random.Next(4).ToString(CultureInfo.InvariantCulture), random.Next(400) / 4.0, ts, random.Next(3) == 0, ts + Delay(random)))];
        Labels = [.. Purchases.OrderBy(each => each.KnownAt)];
    }

    /// <summary>In the order of the log of transactions.</summary>
    public Purchase[] Purchases { get; }

    /// <summary>In the order of the log of labels.</summary>
    public Purchase[] Labels { get; }

    public EventBatch TransactionEvents() => Fill(EventSchemas.Sources["transactions"], Purchases, (batch, source, row, each) =>
    {
        SetText(batch.Texts(source.IndexOf("card_id")), row, Text(each.Card));
        SetText(batch.Texts(source.IndexOf("user_id")), row, each.User);
        batch.Numbers(source.IndexOf("amount"))[row] = each.Amount;
        batch.Times(source.IndexOf("ts"))[row] = each.Ts;
        SetText(batch.Texts(source.IndexOf("terminal_id")), row, each.Terminal);
    });

    public EventBatch LabelEvents() => Fill(EventSchemas.Sources["labels"], Labels, (batch, source, row, each) =>
    {
        SetText(batch.Texts(source.IndexOf("card_id")), row, Text(each.Card));
        SetText(batch.Texts(source.IndexOf("terminal_id")), row, each.Terminal);
        batch.Numbers(source.IndexOf("fraud"))[row] = each.Fraud ? 1 : 0;
        batch.Times(source.IndexOf("transaction_ts"))[row] = each.Ts;
        batch.Times(source.IndexOf("labelled_at"))[row] = each.LabelledAt;
    });

    public void WriteTransactions(string file) => Write(
        file,
        Purchases,
        ParquetColumn.Of("id", Array.ConvertAll(Purchases, each => (long)each.Id)),
        ParquetColumn.Of("card_id", Array.ConvertAll(Purchases, each => (long)each.Card)),
        ParquetColumn.Of("user_id", Array.ConvertAll(Purchases, each => each.User)),
        ParquetColumn.Of("terminal_id", Array.ConvertAll(Purchases, each => each.Terminal)),
        ParquetColumn.Of("amount", Array.ConvertAll(Purchases, each => each.Amount)),
        ParquetColumn.OfTimes("ts", Array.ConvertAll(Purchases, each => each.Ts)));

    public void WriteLabels(string file, bool sorted)
    {
        // As transactions.parquet is: in the order of the transactions, not of the log. Equal times of one log stay in its order.
        var labels = sorted ? Labels : [.. Labels.OrderBy(each => each.Ts)];
        Write(
            file,
            labels,
            ParquetColumn.Of("card", Array.ConvertAll(labels, each => Text(each.Card))),
            ParquetColumn.Of("terminal_id", Array.ConvertAll(labels, each => each.Terminal)),
            ParquetColumn.Of("fraud", Array.ConvertAll(labels, each => each.Fraud ? 1 : 0)),
            ParquetColumn.OfTimes("transaction_ts", Array.ConvertAll(labels, each => each.Ts)),
            ParquetColumn.OfTimes("labelled_at", Array.ConvertAll(labels, each => each.LabelledAt)));
    }

    private static long Delay(Random random) => random.Next(5) switch
    {
        0 => 0,
        1 => 7 * Day,
        2 => -random.Next(60) * Minute,
        3 => random.Next(7 * 24) * 60 * Minute,
        _ => random.Next(20 * 24) * 60 * Minute,
    };

    private static void Write(string file, Purchase[] rows, params ReadOnlySpan<ParquetColumn> columns)
    {
        using var writer = new ParquetTableWriter(file, [.. columns]);
        for (var first = 0; first < rows.Length; first += 97)
        {
            writer.Append(first, Math.Min(97, rows.Length - first));
        }

        writer.Complete();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static EventBatch Fill(EventSource source, Purchase[] rows, Action<EventBatch, EventSource, int, Purchase> fill)
    {
        var batch = new EventBatch(source, [], rows.Length) { Count = rows.Length };
        for (var row = 0; row < rows.Length; row++)
        {
            batch.Offsets[row] = row;
            fill(batch, source, row, rows[row]);
        }

        return batch;
    }

    private static void SetText(TextColumn column, int row, string? text)
    {
        if (text is null)
        {
            column.SetNull(row);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var start = column.Buffer.Length;
        column.Buffer = [.. column.Buffer, .. bytes];
        column.Set(row, start, bytes.Length);
    }
}
