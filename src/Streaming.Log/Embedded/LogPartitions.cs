using Streaming.Hocon;

namespace Streaming.Log.Embedded;

/// <summary>The partitions of a log by id, and where they do not match its topics.</summary>
internal sealed class LogPartitions
{
    private readonly Dictionary<long, (long Topic, long Number)> _partitions = [];
    private readonly Dictionary<long, (string Name, long Partitions)> _topics = [];

    public long LastId => _partitions.Keys.DefaultIfEmpty().Max();

    public static LogPartitions Load(Database database)
    {
        var loaded = new LogPartitions();
        using var topics = database.Statement("checking topics", "SELECT id, name, partitions FROM topic");
        while (topics.Step())
        {
            loaded._topics[topics.Long(0)] = (topics.Text(1), topics.Long(2));
        }

        using var partitions = database.Statement("checking partitions", "SELECT id, topic, number FROM partition");
        while (partitions.Step())
        {
            loaded._partitions[partitions.Long(0)] = (partitions.Long(1), partitions.Long(2));
        }

        topics.Reset();
        partitions.Reset();
        return loaded;
    }

    public bool Has(long id) => _partitions.ContainsKey(id);

    /// <summary>The partition's name for messages, also when its topic is gone.</summary>
    public string NameOf(long id) => !_partitions.TryGetValue(id, out var partition) ? $"the partition of id {id}, whose topic is gone"
        : _topics.TryGetValue(partition.Topic, out var topic) ? $"{topic.Name}[{partition.Number}]"
        : $"partition {partition.Number} of the topic of id {partition.Topic}, whose row is gone";

    /// <summary>Partitions by topic id, for topics that have no row.</summary>
    public IEnumerable<IGrouping<long, KeyValuePair<long, (long Topic, long Number)>>> WithoutTopic() =>
        _partitions.Where(partition => !_topics.ContainsKey(partition.Value.Topic)).GroupBy(partition => partition.Value.Topic);

    public IEnumerable<string> Faults()
    {
        foreach (var lost in WithoutTopic())
        {
            yield return $"the row of the topic of id {lost.Key}, with {Counted.Of(lost.Count(), "partition")}, is missing";
        }

        foreach (var (id, topic) in _topics)
        {
            var mine = _partitions.Where(partition => partition.Value.Topic == id).ToList();
            var first = mine.Select(partition => partition.Key).DefaultIfEmpty().Min();
            if (mine.Count != topic.Partitions || mine.Exists(partition => partition.Key - partition.Value.Number != first))
            {
                yield return $"topic {topic.Name} is to have {Counted.Of(topic.Partitions, "partition")}, " +
                    $"and the rows of {mine.Count} are there or out of order";
            }
        }
    }
}
