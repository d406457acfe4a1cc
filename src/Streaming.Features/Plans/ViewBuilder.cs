using System.IO.Hashing;
using System.Text;
using Streaming.Features.Aggregations;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.State;
using Streaming.Hocon;

namespace Streaming.Features.Plans;

/// <summary>Compiles one view: gathers the columns, totals and words that its aggregations ask for, each once.</summary>
internal sealed class ViewBuilder
{
    // The same on every machine, or a state would not be read on another.
    private const char EndOfLine = '\n';

    private readonly List<InputColumn> _columns = [];
    private readonly List<(string Label, long Span, int CursorWord, List<AccumulatorSlot> Totals)> _windows = [];
    private readonly Dictionary<int, int> _newestWords = [];
    private readonly HashSet<int> _used = [];
    private readonly StringBuilder _layout = new();

    /// <summary>Compiles a definition that the language has checked.</summary>
    public static ViewPlan Build(FeatureViewDefinition definition, EventSource source)
    {
        var builder = new ViewBuilder();
        var features = new List<FeaturePlan>();
        foreach (var feature in definition.Features)
        {
            if (feature.Windows.IsEmpty)
            {
                features.Add(builder.Compile(definition, feature, new WindowDefinition(string.Empty, WindowPlan.Lifetime)));
            }

            features.AddRange(feature.Windows.Select(window => builder.Compile(definition, feature, window)));
        }

        builder.Features = features;
        return new ViewPlan(definition, source, builder);
    }

    public IReadOnlyList<FeaturePlan> Features { get; private set; } = [];

    public IReadOnlyList<InputColumn> Columns => _columns;

    public WindowPlan[] Windows => [.. _windows.Select(w => new WindowPlan(w.Label, w.Span, w.CursorWord, [.. w.Totals]))];

    public bool IsOrdered { get; private set; }

    public bool HasBaseWords { get; private set; }

    public int HeaderWords { get; private set; } = SlabWords.Fixed;

    public int Column(InputKind kind, Expression? input, Expression? where)
    {
        var column = new InputColumn(kind, input, where);
        var index = _columns.FindIndex(c => c.Identity == column.Identity);
        if (index < 0)
        {
            index = _columns.Count;
            _columns.Add(column);
            _layout.Append("column ").Append(column.Identity).Append(EndOfLine);

            // Codes are given as texts come; only the log's order makes them the same for the same events.
            IsOrdered |= kind == InputKind.Text;
        }

        _used.Add(index);
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
        _layout.Append("base ").Append(identity).Append(" at ").Append(word).Append(EndOfLine);
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

    private int Words(int count)
    {
        var word = HeaderWords;
        HeaderWords += count;
        return word;
    }

    public void RequireOrder() => IsOrdered = true;

    /// <summary>Changes whenever state bytes of an older plan would mean something else.</summary>
    public ulong Fingerprint(ViewPlan view)
    {
        var layout = new StringBuilder();
        layout.Append(view.Source.Name).Append(' ').Append(view.Source.Fields[view.KeyField].Name).Append(' ');
        layout.Append(view.Source.Fields[view.TimeField].Name)
            .Append(' ')
            .Append(view.IsOrdered ? "ordered " : string.Empty)
            .Append(HeaderWords)
            .Append(EndOfLine);
        layout.Append(_layout);
        foreach (var window in Windows)
        {
            layout.Append("window ")
                .Append(window.SpanMillis)
                .Append(" delay ")
                .Append(view.DelayMillis)
                .Append(" at ")
                .Append(window.CursorWord);
            foreach (var total in window.Accumulators)
            {
                layout.Append(' ').Append(total.Accumulator.Name).Append(total.Column).Append('@').Append(total.Word);
            }

            layout.Append(EndOfLine);
        }

        return XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(layout.ToString()));
    }

    private FeaturePlan Compile(FeatureViewDefinition view, AggregationDefinition feature, WindowDefinition window)
    {
        _used.Clear();
        var aggregation = AggregationRegistry.Get(feature.Aggregation.Value);
        var index = Window(window);
        var aggregator = aggregation.Compile(new AggregationUse(this, feature, index));
        var name = $"{view.Name}.{feature.Name}{(window.Label.Length == 0 ? string.Empty : $"_{window.Label}")}";
        var type = aggregation.Signature.KeepsInputType ? feature.Inputs[0].Type : FieldType.Number;
        var description = Describe(view, feature, window);
        return new FeaturePlan(name, type, index, aggregator, [.. _used], feature.Default, feature.TtlMillis, description);
    }

    private int Window(WindowDefinition window)
    {
        var index = _windows.FindIndex(w => w.Span == window.Millis);
        if (index < 0)
        {
            index = _windows.Count;
            _windows.Add((window.Label, window.Millis, Words(2), []));
        }

        return index;
    }

    private static string Describe(FeatureViewDefinition view, AggregationDefinition feature, WindowDefinition window)
    {
        var inputs = feature.Inputs.IsEmpty ? "*" : string.Join(", ", feature.Inputs.Select(i => i.Canonical));
        var parameters = string.Concat(feature.Parameters.Select(p => FormattableString.Invariant($", {p.Key} = {p.Value}")));
        var where = feature.Where is null ? string.Empty : $" where {feature.Where.Canonical}";
        var span = window.Label.Length == 0 ? " over the lifetime" : $" over {window.Label}";
        var delay = view.DelayMillis == 0 ? string.Empty : $" ending {Duration.Format(view.DelayMillis)} ago";
        return $"{feature.Aggregation.Value}({inputs}{parameters}){where}{span}{delay}";
    }
}
