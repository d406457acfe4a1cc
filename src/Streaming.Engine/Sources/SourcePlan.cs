using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Ingest;

namespace Streaming.Engine.Sources;

/// <summary>What the engine does with the events of one topic: which fields it decodes, and which entities they feed.</summary>
internal sealed class SourcePlan
{
    private const long ClockLeadMillisMax = 60_000;

    private SourcePlan(EventSource source, RecordSchema reader, ImmutableArray<EntityFeed> feeds, TimeSpan futureTolerance)
    {
        Source = source;
        Reader = reader;
        FutureToleranceMillis = (long)futureTolerance.TotalMilliseconds;
        Feeds = feeds;
        var wanted = new bool[source.Fields.Length];
        foreach (var feed in feeds)
        {
            wanted[feed.KeyField] = true;
            feed.VisitInputs(field => wanted[field] = true);
        }

        Rules = ContractRules.Of(source.Name);
        foreach (var field in Rules.Ids.Concat(Rules.Times))
        {
            wanted[field] = true;
        }

        Wanted = [.. wanted];
        Numbers = [.. Enumerable.Range(0, wanted.Length).Where(i => wanted[i] && source.Fields[i].Type == FieldType.Number)];
    }

    /// <summary>The events; named after their topic.</summary>
    public EventSource Source { get; }

    /// <summary>The schema that they are read with; its aliases are other names that writers' records may have.</summary>
    public RecordSchema Reader { get; }

    /// <summary>The entities that they feed.</summary>
    public ImmutableArray<EntityFeed> Feeds { get; }

    /// <summary>The rules that every event of the topic must meet.</summary>
    public ContractRules Rules { get; }

    /// <summary>Per field whether a view or a rule reads it.</summary>
    public ImmutableArray<bool> Wanted { get; }

    /// <summary>The wanted number fields, whose range is checked.</summary>
    public ImmutableArray<int> Numbers { get; }

    /// <summary>How far an event's time may be ahead of its record's timestamp, in milliseconds.</summary>
    public long FutureToleranceMillis { get; }

    /// <summary>
    /// How far an event may be ahead of the node's clock and still move the time of reads that name none. Less than the tolerance: there
    /// one producer's clock would take minutes from the windows of all others.
    /// </summary>
    public long ClockLeadMillis => Math.Min(FutureToleranceMillis, ClockLeadMillisMax);

    /// <summary>Changes with everything that validation depends on: fields that are read, feeds, tolerance, schema and rules.</summary>
    public ulong Fingerprint => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(string.Join('\n', [
        FormattableString.Invariant($"rules {EventValidator.RulesVersion} ahead {FutureToleranceMillis}"),
        Reader.ToString(),
        .. Source.Fields.Where((_, index) => Wanted[index]).Select(wanted => $"field {wanted.Name}"),
        .. Feeds.Select(feed => FormattableString.Invariant($"feed {feed.Entity.Name} {feed.Name}")).Order(StringComparer.Ordinal),
    ])));

    /// <summary>One plan for each topic that feeds anything.</summary>
    /// <param name="catalog">The feature views.</param>
    /// <param name="futureTolerance">As <see cref="EngineSettings.FutureTolerance"/>.</param>
    /// <param name="recordNames">As <see cref="EngineSettings.RecordNames"/>; null for none.</param>
    public static ImmutableArray<SourcePlan> For(
        FeatureCatalog catalog, TimeSpan futureTolerance, ImmutableSortedDictionary<string, ImmutableArray<string>>? recordNames = null) =>
    [
        .. catalog.Entities.SelectMany(entity => entity.Feeds)
            .GroupBy(feed => feed.Source.Name)
            .Select(feeds => new SourcePlan(
                feeds.First().Source,
                AcceptedNames.Add(EventSchemas.ByTopic[feeds.Key], recordNames?.GetValueOrDefault(feeds.Key, []) ?? []),
                [.. feeds],
                futureTolerance)),
    ];
}
