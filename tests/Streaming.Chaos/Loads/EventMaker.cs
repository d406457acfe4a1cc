using System.Globalization;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Chaos.Loads;

/// <summary>
/// Draws events from a seed: few keys have most of them, times come out of order and late, some records cannot be read. Used by one
/// caller at a time.
/// </summary>
internal sealed class EventMaker(int seed, string name, TimeProvider clock)
{
    private const long Day = 86_400_000;
    private const int Cards = 300;
    private const int Terminals = 60;
    private const int Users = 80;
    private static readonly RecordWriter<Transaction> s_transactions = RecordWriter.Compile<Transaction>(EventSchemas.Transaction);
    private static readonly RecordWriter<Click> s_clicks = RecordWriter.Compile<Click>(EventSchemas.Click);
    private static readonly RecordWriter<Label> s_labels = RecordWriter.Compile<Label>(EventSchemas.Label);
    private readonly Random _random = Seeds.Of(seed, name);
    private readonly List<Label> _labels = [];
    private int _next;

    /// <summary>A number from the seed.</summary>
    public int Draw(int maxExclusive) => _random.Next(maxExclusive);

    /// <summary>A good event of a topic.</summary>
    public object Event(string topic) => topic switch
    {
        EventSchemas.Transactions => Transaction(),
        EventSchemas.Clicks => Click(),
        _ => Label(),
    };

    /// <summary>A topic: mostly transactions.</summary>
    public string Topic() => _random.Next(10) switch { < 6 => EventSchemas.Transactions, < 8 => EventSchemas.Clicks, _ => EventSchemas.Labels };

    /// <summary>A key as producers write it.</summary>
    public static string KeyOf(object each) => each switch
    {
        Transaction transaction => transaction.CardId,
        Click click => click.UserId,
        _ => ((Label)each).TerminalId,
    };

    /// <summary>The event's id, of labels what stands for it.</summary>
    public static string IdOf(object each) => each switch
    {
        Transaction transaction => transaction.EventId,
        Click click => click.EventId,
        _ => ((Label)each).TransactionId,
    };

    /// <summary>The wire format's bytes.</summary>
    public static byte[] Bytes(object each, int schemaId)
    {
        var output = new AvroBuffer();
        switch (each)
        {
            case Transaction transaction:
                s_transactions.Write(transaction, schemaId, output);
                break;
            case Click click:
                s_clicks.Write(click, schemaId, output);
                break;
            default:
                s_labels.Write((Label)each, schemaId, output);
                break;
        }

        return output.Written.ToArray();
    }

    /// <summary>A record that must become a dead letter.</summary>
    public (string Topic, string Key, byte[]? Value) Bad(Func<string, int> schemaId)
    {
        var good = Transaction();
        var id = schemaId(EventSchemas.Transactions);
        var bytes = Bytes(good, id);
        var value = _random.Next(11) switch
        {
            0 => null,
            1 => [],
            2 => "{\"event_id\":\"json\"}"u8.ToArray(),
            3 => [0, 0, 0, 1],
            4 => [0, 0, 1, 2, 3, .. bytes[5..]],
            5 => bytes[..^(3 + _random.Next(20))],
            6 => Bytes(good with { CardId = string.Empty }, id),
            7 => Bytes(good with { CardId = "a\0b" }, id),
            8 => Bytes(good with { CardId = new string('x', 300) }, id),
            9 => Bytes(good with { Ts = new EventTime(Now() + Day) }, id),
            _ => Bytes(good with { Amount = _random.Next(2) == 0 ? 1e300 : double.PositiveInfinity }, id),
        };
        return (EventSchemas.Transactions, good.CardId, value);
    }

    /// <summary>A transaction.</summary>
    public Transaction Transaction() => new()
    {
        EventId = Id(),
        CardId = Skewed("card", Cards),
        TerminalId = Skewed("terminal", Terminals),
        Amount = _random.Next(50) == 0 ? 0 : Math.Round(Math.Exp(_random.NextDouble() * 8), 2),
        Ts = new EventTime(Time()),
        Channel = _random.Next(3) switch { 0 => "online", 1 => "chip", _ => null },
        Fraud = _random.Next(4) == 0 ? _random.Next(20) == 0 : null,
    };

    private Click Click()
    {
        var kind = (ClickKind)_random.Next(3);
        return new()
        {
            EventId = Id(),
            UserId = Skewed("user", Users),
            SessionId = "s" + Text(_random.Next(500)),
            ItemId = "i" + Text(_random.Next(100)),
            Category = _random.Next(5) == 0 ? null : "c" + Text(_random.Next(12)),
            Kind = kind,
            Price = kind == ClickKind.Purchase ? Math.Round(_random.NextDouble() * 200, 2) : null,
            Ts = new EventTime(Time()),
        };
    }

    // One in eight tells an earlier one anew.
    private Label Label()
    {
        if (_labels.Count > 0 && _random.Next(8) == 0)
        {
            var earlier = _labels[_random.Next(_labels.Count)];
            return earlier with { Fraud = !earlier.Fraud, LabelledAt = new EventTime(Now()) };
        }

        var label = NewLabel();
        _labels.Add(label);
        return label;
    }

    private Label NewLabel()
    {
        var time = Time();
        return new()
        {
            TransactionId = Id(),
            CardId = Skewed("card", Cards),
            TerminalId = Skewed("terminal", Terminals),
            TransactionTs = new EventTime(time),
            Fraud = _random.Next(10) == 0,
            LabelledAt = new EventTime(Math.Max(time, Now())),
        };
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    // Most just now, a quarter out of order within all windows, some behind every window.
    private long Time() => Now() - _random.Next(100) switch
    {
        < 70 => _random.Next(60_000),
        < 96 => (long)(_random.NextDouble() * 40 * Day),
        _ => (long)((60 + (_random.NextDouble() * 300)) * Day),
    };

    private string Id() => $"{name}-{Text(_next++)}";

    // A few keys have most of the events. One in ten comes once and never again: what is lost of it, no later event repairs.
    private string Skewed(string entity, int count) => _random.Next(10) == 0
        ? $"{entity}_once_{name}_{Text(_next)}"
        : $"{entity}_{Text((int)(count * Math.Pow(_random.NextDouble(), 3)))}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
