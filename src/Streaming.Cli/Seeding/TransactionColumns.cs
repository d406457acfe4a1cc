// Hot: once per generated transaction.
using System.Collections.Immutable;
using Streaming.Cli.Feeding;
using Streaming.Features.Events;
using Streaming.Offline.Generators;

namespace Streaming.Cli.Seeding;

/// <summary>Generated transactions as columns of the topic's events. Their fraud stays unknown, as in life: labels tell it later.</summary>
internal sealed class TransactionColumns
{
    private readonly TextFiller _ids;
    private readonly TextFiller _cards;
    private readonly TextFiller _users;
    private readonly TextFiller _terminals;
    private readonly int _amountField;
    private readonly int _timeField;

    public TransactionColumns()
    {
        var source = FedTopic.Transactions.Source;
        Events = FedTopic.Transactions.NewBatch(0);
        (_ids, _cards, _users, _terminals) = (Filler("event_id"), Filler("card_id"), Filler("user_id"), Filler("terminal_id"));
        (_amountField, _timeField) = (source.IndexOf("amount"), source.IndexOf("ts"));
        Given = [.. source.Fields.Select(field => field.Name is "event_id" or "card_id" or "user_id" or "terminal_id" or "amount" or "ts")];

        TextFiller Filler(string field) => new(Events.Texts(source.IndexOf(field)));
    }

    /// <summary>The columns.</summary>
    public EventBatch Events { get; }

    /// <summary>Which of them are filled.</summary>
    public ImmutableArray<bool> Given { get; }

    /// <summary>Replaces the rows.</summary>
    public void Fill(ReadOnlySpan<GeneratedTransaction> transactions)
    {
        Events.EnsureCapacity(transactions.Length);
        Events.Count = transactions.Length;
        _ids.Clear();
        _cards.Clear();
        _users.Clear();
        _terminals.Clear();
        for (var row = 0; row < transactions.Length; row++)
        {
            var transaction = transactions[row];
            _ids.Set(row, transaction.Id, GeneratedIds.WriteTransaction);
            _cards.Set(row, transaction.Card, GeneratedIds.WriteCard);
            _users.Set(row, transaction.Card, GeneratedIds.WriteUser);
            _terminals.Set(row, transaction.Terminal, GeneratedIds.WriteTerminal);
            Events.Numbers(_amountField)[row] = transaction.Amount;
            Events.Times(_timeField)[row] = transaction.TimeMillis;
        }
    }
}
