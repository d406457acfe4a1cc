using Streaming.Contracts.Schemas;

namespace Streaming.Chaos.Folds;

/// <summary>The fold of the log: what every entity must be, and which dead letters there must be.</summary>
internal sealed class Fold
{
    private readonly ILookup<string, LogRecord> _byCard;
    private readonly ILookup<string, LogRecord> _byTerminal;
    private readonly ILookup<string, LogRecord> _labels;
    private readonly ILookup<string, LogRecord> _byUser;

    private Fold(Dictionary<string, List<LogRecord>> topics, List<LogRecord> deadLetters, string definitions)
    {
        Topics = topics;
        var (horizons, fields) = (Duplicates.HorizonsOf(definitions), Corrections.FieldsOf(definitions));
        IEnumerable<LogRecord> Counting(string topic, IEnumerable<LogRecord> events) => Corrections.Last(
            Duplicates.First(events, TimeOf(topic), horizons.TryGetValue(topic, out var horizon) ? horizon : null), KnownOf(topic), fields.GetValueOrDefault(topic));
        ILookup<string, LogRecord> By(string topic, string key) => topics[topic].Where(each => each.Event is not null).GroupBy(each => each.Text(key)!)
            .SelectMany(each => Counting(topic, each), (each, one) => (each.Key, one)).ToLookup(each => each.Key, each => each.one);
        _byCard = By(EventSchemas.Transactions, "card_id");
        _byTerminal = By(EventSchemas.Transactions, "terminal_id");
        _labels = By(EventSchemas.Labels, "terminal_id");
        _byUser = By(EventSchemas.Clicks, "user_id");
        WantedDeadLetters = [.. topics.Values.SelectMany(each => each).Where(each => each.Reason is not null).Select(IdOf)];
        DeadLetters = [.. deadLetters.Select(each => each.Text("id")!)];
        AtMillis = topics.SelectMany(each => each.Value.Where(one => one.Event is not null).Select(one => one.Millis(KnownOf(each.Key)))).DefaultIfEmpty(1).Max() + 1;
    }

    /// <summary>All records, by topic.</summary>
    public Dictionary<string, List<LogRecord>> Topics { get; }

    /// <summary>The ids that dead letters must have.</summary>
    public HashSet<string> WantedDeadLetters { get; }

    /// <summary>The ids of the dead letters there are, each as often as it is there.</summary>
    public List<string> DeadLetters { get; }

    /// <summary>A time behind every event.</summary>
    public long AtMillis { get; }

    /// <summary>Every entity that an event names.</summary>
    public IEnumerable<(string Entity, string Key)> Entities =>
    [
        .. _byCard.Select(each => ("card", each.Key)),
        .. _byTerminal.Select(each => each.Key).Union(_labels.Select(each => each.Key)).Select(key => ("terminal", key)),
        .. _byUser.Select(each => ("user", each.Key)),
    ];

    /// <summary>Ids of all events in the log.</summary>
    public IEnumerable<string> EventIds => Topics.SelectMany(each => each.Value.Where(one => one.Event is not null)
        .Select(one => one.Text(each.Key == EventSchemas.Labels ? "transaction_id" : "event_id")!));

    /// <summary>Reads the log.</summary>
    public static async Task<Fold> OfAsync(World world)
    {
        var reader = new LogReader(world);
        var topics = new Dictionary<string, List<LogRecord>>();
        foreach (var topic in Chaos.Topics.Of)
        {
            topics[topic] = await reader.ReadAsync(topic);
        }

        return new Fold(topics, await reader.ReadAsync(EventSchemas.DeadLetters), world.Definitions);
    }

    /// <summary>Events of a topic that its entities do not count: they came before, or others took their place.</summary>
    public int NotCountedOf(string topic) => Topics[topic].Count(each => each.Event is not null) - (topic switch
    {
        EventSchemas.Transactions => _byCard,
        EventSchemas.Clicks => _byUser,
        _ => _labels,
    }).Sum(each => each.Count());

    /// <summary>What an entity must be.</summary>
    public Dictionary<string, Expected> Of(string entity, string key) => entity switch
    {
        "card" => NaiveFeatures.Card(new EventList(_byCard[key], "ts", AtMillis)),
        "terminal" => NaiveFeatures.Terminal(
            new EventList(_byTerminal[key], "ts", AtMillis), new EventList(_labels[key], "transaction_ts", AtMillis)),
        _ => NaiveFeatures.User(new EventList(_byUser[key], "ts", AtMillis)),
    };

    /// <summary>Events that happened before a time.</summary>
    public int CountOlderThan(long millis) => Topics.Sum(topic => topic.Value.Count(each => each.Event is not null && each.Millis(TimeOf(topic.Key)) < millis));

    private static string TimeOf(string topic) => topic == EventSchemas.Labels ? "transaction_ts" : "ts";

    private static string KnownOf(string topic) => topic == EventSchemas.Labels ? "labelled_at" : "ts";

    private static string IdOf(LogRecord each) => FormattableString.Invariant($"{each.Topic}/{each.Partition}/{each.Offset}/{each.Reason}");
}
