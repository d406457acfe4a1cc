using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Features.Events;

namespace Streaming.Cli.Commands;

/// <summary>Prints what became of events.</summary>
internal static class WhereReport
{
    /// <summary>Prints.</summary>
    public static void Print(Terminal terminal, List<TracedEvent> events, bool json, string? note)
    {
        if (json)
        {
            Report.Json(terminal, new { Note = note, Events = events.Select(Body) });
            return;
        }

        if (events.Count == 0)
        {
            terminal.Out.WriteLine(
                "the log has no such event; it may not have been written, or be older than --since or what the log keeps");
            return;
        }

        foreach (var each in events)
        {
            Print(terminal, each);
        }

        if (events.Count > 1)
        {
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the id comes {events.Count:N0} times"));
        }

        if (note is not null)
        {
            terminal.Out.WriteLine(note);
        }
    }

    private static void Print(Terminal terminal, TracedEvent each)
    {
        terminal.Out.WriteLine($"{each.Event.Place}  {(each.Event.Id is { } id ? Mask.Text(id) : "an event that does not count")}");
        foreach (var letter in each.Letters)
        {
            terminal.Out.WriteLine($"  dead letter: {letter.Reason}: {Mask.Text(letter.Detail)}");
        }

        if (each.Letters.IsEmpty && each.Event.Fault is { } fault)
        {
            terminal.Out.WriteLine($"  still ahead, and will be a dead letter: {Mask.Text(fault)}");
        }

        if (each.ReplayedAt is { } at)
        {
            terminal.Out.WriteLine($"  replayed at {at}");
        }

        if (each.ReplayOf is { } origin)
        {
            terminal.Out.WriteLine($"  the replay of {origin}");
        }

        if (!each.Receipts.IsEmpty)
        {
            Report.Table(
                terminal,
                ["entity", "key", "event time", "what became of it"],
                each.Receipts.Select(receipt => (IReadOnlyList<string>)
                [
                    receipt.Entity.Feed.Entity.Name,
                    Mask.Key(receipt.Entity.Key.Span),
                    new EventTime(receipt.Entity.TimeMillis).ToString(),
                    Text(receipt.Receipt),
                ]));
        }
    }

    private static string Text(EventReceipt? receipt) => receipt?.Fate switch
    {
        null => "not known",
        EventFate.Ahead => "still ahead: not applied yet",
        EventFate.DeadLettered => "dead-lettered",
        EventFate.Duplicate => $"a duplicate: its id came before{Flush(receipt)}",
        EventFate.OutOfWindows => $"out of the windows: it came late, or has left them since{Flush(receipt)}",
        _ => $"applied{Flush(receipt)}",
    };

    private static string Flush(EventReceipt receipt) => receipt.Flush > 0
        ? string.Create(CultureInfo.InvariantCulture, $"; flush {receipt.Flush} of shard {receipt.Shard} vouches for it")
        : "; the next flush writes it";

    private static object Body(TracedEvent each) => new
    {
        Place = each.Event.Place.ToString(),
        each.Event.Place.Topic,
        each.Event.Place.Partition,
        each.Event.Place.Offset,
        EventId = each.Event.Id is { } id ? Mask.Text(id) : null,
        Fault = each.Event.Fault is { } fault ? Mask.Text(fault) : null,
        DeadLetters = each.Letters.Select(letter => new { letter.Reason, Detail = Mask.Text(letter.Detail) }),
        each.ReplayedAt,
        each.ReplayOf,
        Entities = each.Receipts.Select(receipt => new
        {
            Entity = receipt.Entity.Feed.Entity.Name,
            Key = Mask.Key(receipt.Entity.Key.Span),
            Time = new EventTime(receipt.Entity.TimeMillis).ToString(),
            Outcome = Name(receipt.Receipt),
            Flush = receipt.Receipt is { Flush: > 0 } vouched ? vouched.Flush : (long?)null,
            receipt.Receipt?.Shard,
        }),
    };

    private static string Name(EventReceipt? receipt) => receipt?.Fate switch
    {
        null => "unknown",
        EventFate.Ahead => "ahead",
        EventFate.DeadLettered => "dead_lettered",
        EventFate.Duplicate => "duplicate",
        EventFate.OutOfWindows => "out_of_windows",
        _ => "applied",
    };
}
