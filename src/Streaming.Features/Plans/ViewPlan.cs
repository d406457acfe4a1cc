using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Layout;

namespace Streaming.Features.Plans;

/// <summary>
/// Compiled feature views that share their events: which columns an entity keeps, which windows slide over them, and how each feature is
/// read. Immutable; one plan serves every entity, the engine, backfill and training.
/// </summary>
public sealed class ViewPlan
{
    internal ViewPlan(
        FeatureViewDefinition[] definitions,
        EventSource source,
        LayoutBuilder layout,
        FeaturePlan[] features,
        int logTimeField,
        int correctsField)
    {
        var definition = definitions[0];
        Name = string.Join(", ", definitions.Select(view => view.Name));
        Entity = definition.Entity;
        Source = source;
        KeyField = source.IndexOf(definition.KeyField);
        TimeField = source.IndexOf(definition.TimeField);
        DelayMillis = definition.DelayMillis;
        CompiledFeatures = features;
        Columns = layout.Columns;
        Windows = layout.Windows;
        IsOrdered = layout.IsOrdered;
        HasTexts = Columns.Any(c => c.Kind == InputKind.Text);
        HeaderWords = layout.HeaderWords;
        HasBaseWords = layout.HasBaseWords;
        (KnownWord, LogTimeField, CorrectsField) = (layout.KnownWord, logTimeField, correctsField);
        StoredWords = layout.StoredWords();
        FirstInput = KnownColumn + (KnownWord < 0 ? 0 : HasCorrections ? 3 : 1);
        Fingerprint = layout.Fingerprint($"{source.Name} {source.Fields[KeyField].Name} {source.Fields[TimeField].Name}", DelayMillis);
        var longest = Windows.Where(w => !w.IsLifetime).Select(w => w.SpanMillis).DefaultIfEmpty(0).Max();
        LongestMillis = longest;
        RetentionMillis = longest + DelayMillis + ReadBackMillis;
    }

    /// <summary>How far behind an entity's newest event a read may go and still be exact: one day.</summary>
    public const long ReadBackMillis = 24 * 3600 * 1000L;

    /// <summary>The name of the view, or of each, with commas.</summary>
    public string Name { get; }

    /// <summary>The entity type that it describes.</summary>
    public string Entity { get; }

    /// <summary>Where its events come from.</summary>
    public EventSource Source { get; }

    /// <summary>The source's field with the entity key.</summary>
    public int KeyField { get; }

    /// <summary>The source's field with the event time.</summary>
    public int TimeField { get; }

    /// <summary>How far back every window ends.</summary>
    public long DelayMillis { get; }

    /// <summary>The longest window; 0 when all features are of the lifetime.</summary>
    public long LongestMillis { get; }

    /// <summary>Whether a feature counts all events that there ever were.</summary>
    public bool HasLifetime => Windows.Any(window => window.IsLifetime);

    /// <summary>How old, against the entity's newest event, an event may be before it is evicted.</summary>
    public long RetentionMillis { get; }

    /// <summary>The features, in the order of their declaration.</summary>
    public IReadOnlyList<FeaturePlan> Features => CompiledFeatures;

    /// <summary>Identifies the layout of the view's state: state bytes of another layout are refused.</summary>
    public ulong Fingerprint { get; }

    /// <summary>The features as an array: going through them allocates nothing.</summary>
    internal FeaturePlan[] CompiledFeatures { get; }

    internal InputColumn[] Columns { get; }

    internal WindowPlan[] Windows { get; }

    internal bool IsOrdered { get; }

    internal bool HasTexts { get; }

    /// <summary>Whether evicted events leave something behind.</summary>
    internal bool HasBaseWords { get; }

    internal int HeaderWords { get; }

    /// <summary>The words of the header that do not follow from the events that are kept.</summary>
    internal ImmutableArray<int> StoredWords { get; }

    /// <summary>The source's field that says when an event was in the log, where that is not its event time; else -1.</summary>
    internal int LogTimeField { get; }

    /// <summary>The source's field by which later events correct earlier ones; -1 where none does.</summary>
    internal int CorrectsField { get; }

    /// <summary>The word of the newest time at which an event became known; -1 where that is not kept.</summary>
    internal int KnownWord { get; }

    /// <summary>The column of the times at which events became known; behind it come their ids, if they have any.</summary>
    internal int KnownColumn => IsOrdered ? 2 : 1;

    /// <summary>Whether later events correct earlier ones.</summary>
    internal bool HasCorrections => CorrectsField >= 0;

    /// <summary>Columns before the inputs: times, perhaps log order, perhaps when they became known, perhaps ids.</summary>
    internal int FirstInput { get; }

    internal int ColumnCount => FirstInput + Columns.Length;

    /// <summary>Calls <paramref name="visit"/> with every field of the source that the view reads.</summary>
    public void VisitFields(Action<int> visit)
    {
        visit(KeyField);
        VisitInputs(visit);
    }

    /// <summary>As <see cref="VisitFields"/>, without the field that names the entity.</summary>
    public void VisitInputs(Action<int> visit)
    {
        visit(TimeField);
        if (LogTimeField >= 0)
        {
            visit(LogTimeField);
        }

        if (HasCorrections)
        {
            visit(CorrectsField);
        }

        foreach (var column in Columns)
        {
            column.VisitFields(visit);
        }
    }
}
