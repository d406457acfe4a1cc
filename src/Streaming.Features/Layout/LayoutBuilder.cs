using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Streaming.Features.Language;

namespace Streaming.Features.Layout;

/// <summary>
/// Lays out the slab of one view while it is compiled: gathers the columns, windows, totals and words that are asked for, each once.
/// </summary>
internal sealed class LayoutBuilder
{
    // The same on every machine, or a state would not be read on another.
    private const char EndOfLine = '\n';

    private readonly List<InputColumn> _columns = [];
    private readonly List<(string Label, long Span, int CursorWord, List<AccumulatorSlot> Totals)> _windows = [];
    private readonly Dictionary<int, int> _newestWords = [];
    private readonly StringBuilder _description = new();

    public InputColumn[] Columns => [.. _columns];

    public WindowPlan[] Windows => [.. _windows.Select(w => new WindowPlan(w.Label, w.Span, w.CursorWord, [.. w.Totals]))];

    /// <summary>Whether events of equal time are kept in the order of the log.</summary>
    public bool IsOrdered { get; private set; }

    /// <summary>Whether evicted events leave something behind.</summary>
    public bool HasBaseWords { get; private set; }

    public int HeaderWords { get; private set; } = SlabWords.Fixed;

    /// <summary>The word of the newest time at which an event became known; -1 where that is not kept.</summary>
    public int KnownWord { get; private set; } = -1;

    public int Column(InputKind kind, Expression? input, Expression? where)
    {
        var column = new InputColumn(kind, input, where);
        var index = _columns.FindIndex(c => c.Identity == column.Identity);
        if (index < 0)
        {
            index = _columns.Count;
            _columns.Add(column);
            _description.Append("column ").Append(column.Identity).Append(EndOfLine);

            // Codes are given as texts come; only the log's order makes them the same for the same events.
            IsOrdered |= kind == InputKind.Text;
        }

        return index;
    }

    public int Window(string label, long spanMillis)
    {
        var index = _windows.FindIndex(w => w.Span == spanMillis);
        if (index < 0)
        {
            index = _windows.Count;
            _windows.Add((label, spanMillis, Words(2), []));
        }

        return index;
    }

    public int Total(int window, Accumulator accumulator, int column)
    {
        var totals = _windows[window].Totals;
        var index = totals.FindIndex(t => t.Accumulator == accumulator && t.Column == column);
        if (index < 0)
        {
            index = totals.Count;
            totals.Add(new AccumulatorSlot(accumulator, column, Words(accumulator.Words)));
        }

        return totals[index].Word;
    }

    public int BaseWords(int count, string identity)
    {
        HasBaseWords = true;
        var word = Words(count);
        _description.Append("base ").Append(identity).Append(" at ").Append(word).Append(EndOfLine);
        return word;
    }

    public int NewestWords(int column)
    {
        if (!_newestWords.TryGetValue(column, out var word))
        {
            word = BaseWords(2, $"newest of {_columns[column].Identity}");
            _newestWords.Add(column, word);
        }

        return word;
    }

    public void RequireOrder() => IsOrdered = true;

    /// <summary>Keeps with each event when it became known, and its id where later events correct it.</summary>
    public void Know(string field, string? correctsBy)
    {
        KnownWord = Words(1);
        _description.Append("known ").Append(field).Append(" at ").Append(KnownWord).Append(EndOfLine);
        if (correctsBy is not null)
        {
            IsOrdered = true;
            _description.Append("corrects by ").Append(correctsBy).Append(EndOfLine);
        }
    }

    /// <summary>Changes whenever state bytes of an older layout would mean something else.</summary>
    /// <param name="feed">The view's source, key field and time field.</param>
    /// <param name="delayMillis">How far back the windows end.</param>
    public ulong Fingerprint(string feed, long delayMillis)
    {
        var layout = new StringBuilder();
        layout.Append(feed).Append(' ').Append(IsOrdered ? "ordered " : string.Empty).Append(HeaderWords).Append(EndOfLine);
        layout.Append(_description);
        foreach (var window in Windows)
        {
            layout.Append("window ").Append(window.SpanMillis).Append(" delay ").Append(delayMillis);
            layout.Append(" at ").Append(window.CursorWord);
            foreach (var total in window.Accumulators)
            {
                layout.Append(' ').Append(total.Accumulator.Name).Append(total.Column).Append('@').Append(total.Word);
            }

            layout.Append(EndOfLine);
        }

        return XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(layout.ToString()));
    }

    /// <summary>The words that do not follow from the events: all but those of the columns, cursors, and totals of windows.</summary>
    public ImmutableArray<int> StoredWords()
    {
        HashSet<int> follow = [SlabWords.Head, SlabWords.Count, SlabWords.Capacity, SlabWords.CursorAt];
        foreach (var window in Windows)
        {
            follow.UnionWith([window.CursorWord, window.CursorWord + 1]);
            foreach (var total in window.IsLifetime ? [] : window.Accumulators)
            {
                follow.UnionWith(Enumerable.Range(total.Word, total.Accumulator.Words));
            }
        }

        return [.. Enumerable.Range(0, HeaderWords).Where(word => !follow.Contains(word))];
    }

    private int Words(int count)
    {
        var word = HeaderWords;
        HeaderWords += count;
        return word;
    }
}
