using Streaming.Engine.Deliveries;
using Streaming.Engine.Regions;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Tests;

/// <summary>Ids and shards of entities, keepers and sources.</summary>
public sealed class MessageExtractorSpec
{
    private readonly EntityMessageExtractor _entities = new(8);
    private readonly SourceMessageExtractor _sources = new();

    [Fact]
    public void A_keeper_lives_in_its_shard()
    {
        var ensure = new ShardProtocol.Ensure(5);
        Assert.Equal(("$keeper/5", "5"), (_entities.EntityId(ensure), _entities.ShardId(ensure)));
        Assert.Equal("5", _entities.ShardId("$keeper/5"));
        Assert.Equal(5, EntityMessageExtractor.KeeperOf("$keeper/5"));
        var bundle = new DeliveryBundle(5, []);
        Assert.Equal(("$bundles/5", "5"), (_entities.EntityId(bundle), _entities.ShardId(bundle)));
        Assert.Equal("5", _entities.ShardId("$bundles/5"));
        Assert.Equal(5, EntityMessageExtractor.BundlesOf("$bundles/5"));
    }

    [Theory]
    [InlineData("c-1")]
    [InlineData("$")]
    [InlineData("$keeper/5")]
    [InlineData("$bundles/5")]
    [InlineData("transactions/0")]
    public void An_entity_has_the_shard_of_its_key_whatever_that_looks_like(string key)
    {
        var recall = new ShardProtocol.Recall(System.Text.Encoding.UTF8.GetBytes(key));
        var id = _entities.EntityId(recall)!;
        Assert.Equal(Murmur2.Partition(recall.Key, 8).ToString(System.Globalization.CultureInfo.InvariantCulture), _entities.ShardId(recall));
        Assert.Equal(_entities.ShardId(recall), _entities.ShardId(id));
        Assert.Equal(recall.Key, EntityId.KeyOf(id));
        Assert.Null(EntityMessageExtractor.KeeperOf(id) ?? EntityMessageExtractor.BundlesOf(id));
    }

    [Fact]
    public void A_source_lives_in_the_shard_of_its_partition()
    {
        var ensure = new SourceProtocol.Ensure(new TopicPartition("a/b", 12));
        Assert.Equal(("a/b/12", "12"), (_sources.EntityId(ensure), _sources.ShardId(ensure)));
        Assert.Equal("12", _sources.ShardId("a/b/12"));
        Assert.Equal(ensure.Partition, SourceMessageExtractor.PartitionOf("a/b/12"));
    }

    [Fact]
    public void Other_messages_have_no_address()
    {
        Assert.Null(_sources.EntityId(new ShardProtocol.Ensure(5)));
        Assert.Null(_entities.EntityId(new SourceProtocol.Ensure(new TopicPartition("transactions", 0))));
    }
}
