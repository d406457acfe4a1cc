// Hot: once per generated click.
using System.Globalization;
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>Generated clicks as columns of the topic's events.</summary>
public sealed class ClickColumns
{
    private static readonly TextFiller.WriteText<long> s_click = static (id, utf8) => Write("click_"u8, id, utf8);
    private static readonly TextFiller.WriteText<long> s_session = static (id, utf8) => Write("session_"u8, id, utf8);
    private static readonly TextFiller.WriteText<long> s_item = static (id, utf8) => Write("item_"u8, id, utf8);
    private static readonly TextFiller.WriteText<long> s_category = static (id, utf8) => Write("category_"u8, id, utf8);

    private readonly TextFiller _ids;
    private readonly TextFiller _users;
    private readonly TextFiller _sessions;
    private readonly TextFiller _items;
    private readonly TextFiller _categories;
    private readonly TextFiller _kinds;
    private readonly int _price;
    private readonly int _time;

    /// <summary>Without rows.</summary>
    public ClickColumns()
    {
        var source = TopicContract.Clicks.Source;
        Events = TopicContract.Clicks.NewBatch(0);
        (_ids, _users, _sessions) = (Filler("event_id"), Filler("user_id"), Filler("session_id"));
        (_items, _categories, _kinds) = (Filler("item_id"), Filler("category"), Filler("kind"));
        (_price, _time) = (source.IndexOf("price"), source.IndexOf("ts"));

        TextFiller Filler(string field) => new(Events.Texts(source.IndexOf(field)));
    }

    /// <summary>The columns.</summary>
    public EventBatch Events { get; }

    /// <summary>Replaces the rows.</summary>
    public void Fill(ReadOnlySpan<GeneratedClick> clicks)
    {
        Clear(clicks.Length);
        for (var row = 0; row < clicks.Length; row++)
        {
            var click = clicks[row];
            _ids.Set(row, click.Id, s_click);
            _users.Set(row, click.User, GeneratedIds.WriteUser);
            _sessions.Set(row, click.Session, s_session);
            _items.Set(row, click.Item, s_item);
            _categories.Set(row, click.Category, s_category);
            _kinds.Set(row, click.Kind switch { ClickKind.Cart => "cart", ClickKind.Purchase => "purchase", _ => "view" });
            Events.Numbers(_price)[row] = click.Price;
            Events.Times(_time)[row] = click.TimeMillis;
        }
    }

    private void Clear(int rows)
    {
        Events.EnsureCapacity(rows);
        Events.Count = rows;
        foreach (var filler in (ReadOnlySpan<TextFiller>)[_ids, _users, _sessions, _items, _categories, _kinds])
        {
            filler.Clear();
        }
    }

    private static int Write(ReadOnlySpan<byte> prefix, long number, Span<byte> utf8)
    {
        prefix.CopyTo(utf8);
        return number.TryFormat(utf8[prefix.Length..], out var digits, default, CultureInfo.InvariantCulture)
            ? prefix.Length + digits
            : throw new ArgumentException("the id does not fit", nameof(utf8));
    }
}
