// Hot: once per generated transaction.
using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// Generated transactions as columns of the topic's events. Whether they are fraud stays unknown, as in production, until their labels
/// come.
/// </summary>
public sealed class TransactionColumns
{
    private readonly TextFiller _ids;
    private readonly TextFiller _cards;
    private readonly TextFiller _users;
    private readonly TextFiller _terminals;
    private readonly TextFiller _mccs;
    private readonly TextFiller _countries;
    private readonly TextFiller _channels;
    private readonly TransactionGenerator _world;
    private readonly int _amountField;
    private readonly int _timeField;

    /// <param name="world">Knows the terminals.</param>
    public TransactionColumns(TransactionGenerator world)
    {
        _world = world;
        var source = TopicContract.Transactions.Source;
        Events = TopicContract.Transactions.NewBatch(0);
        (_ids, _cards, _users, _terminals) = (Filler("event_id"), Filler("card_id"), Filler("user_id"), Filler("terminal_id"));
        (_mccs, _countries, _channels) = (Filler("mcc"), Filler("country"), Filler("channel"));
        (_amountField, _timeField) = (source.IndexOf("amount"), source.IndexOf("ts"));
        Given = [.. source.Fields.Select(field => field.Name is not ("currency" or "fraud"))];

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
        foreach (var filler in (ReadOnlySpan<TextFiller>)[_ids, _cards, _users, _terminals, _mccs, _countries, _channels])
        {
            filler.Clear();
        }

        for (var row = 0; row < transactions.Length; row++)
        {
            var transaction = transactions[row];
            _ids.Set(row, transaction.Id, GeneratedIds.WriteTransaction);
            _cards.Set(row, transaction.Card, GeneratedIds.WriteCard);
            _users.Set(row, transaction.Card, GeneratedIds.WriteUser);
            _terminals.Set(row, transaction.Terminal, GeneratedIds.WriteTerminal);
            var terminal = _world.Terminal(transaction.Terminal);
            _mccs.Set(row, terminal.Mcc);
            _countries.Set(row, terminal.Country);
            _channels.Set(row, terminal.Channel);
            Events.Numbers(_amountField)[row] = transaction.Amount;
            Events.Times(_timeField)[row] = transaction.TimeMillis;
        }
    }
}
