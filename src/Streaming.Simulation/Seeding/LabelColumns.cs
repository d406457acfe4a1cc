// Hot: once per generated label.
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>Generated labels as columns of the topic's events.</summary>
public sealed class LabelColumns
{
    private readonly TextFiller _ids;
    private readonly TextFiller _cards;
    private readonly TextFiller _terminals;
    private readonly int _transactionTime;
    private readonly int _fraud;
    private readonly int _labelledAt;

    /// <summary>Makes columns without rows.</summary>
    public LabelColumns()
    {
        var source = TopicContract.Labels.Source;
        Events = TopicContract.Labels.NewBatch(0);
        (_ids, _cards, _terminals) = (Filler("transaction_id"), Filler("card_id"), Filler("terminal_id"));
        (_transactionTime, _fraud, _labelledAt) = (
            source.IndexOf("transaction_ts"), source.IndexOf("fraud"), source.IndexOf("labelled_at"));

        TextFiller Filler(string field) => new(Events.Texts(source.IndexOf(field)));
    }

    /// <summary>The columns.</summary>
    public EventBatch Events { get; }

    /// <summary>Replaces the rows by the transactions' labels.</summary>
    public void Fill(ReadOnlySpan<GeneratedTransaction> transactions, TimeSpan delay)
    {
        Events.EnsureCapacity(transactions.Length);
        Events.Count = transactions.Length;
        _ids.Clear();
        _cards.Clear();
        _terminals.Clear();
        for (var row = 0; row < transactions.Length; row++)
        {
            var label = transactions[row].Label(delay);
            _ids.Set(row, label.TransactionId, GeneratedIds.WriteTransaction);
            _cards.Set(row, label.Card, GeneratedIds.WriteCard);
            _terminals.Set(row, label.Terminal, GeneratedIds.WriteTerminal);
            Events.Times(_transactionTime)[row] = label.TransactionTimeMillis;
            Events.Numbers(_fraud)[row] = label.Fraud ? 1 : 0;
            Events.Times(_labelledAt)[row] = label.LabelledAtMillis;
        }
    }
}
