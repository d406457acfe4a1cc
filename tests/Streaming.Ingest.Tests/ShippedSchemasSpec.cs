using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Ingest.Tests;

public sealed class ShippedSchemasSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A node with a new data directory reads what another wrote, whoever of its writers was first there.</summary>
    [Theory]
    [InlineData(EventSchemas.Transactions)]
    [InlineData(EventSchemas.Labels)]
    [InlineData(EventSchemas.DeadLetters)]
    public async Task An_embedded_registry_gives_the_same_ids_in_every_directory(string first)
    {
        var one = new EmbeddedSchemaRegistry(_folder["one"]);
        var other = new EmbeddedSchemaRegistry(_folder["other"]);
        await new ShippedSchemas(one).RequireAsync(first, CancellationToken.None);
        await new ShippedSchemas(other).RequireAsync(EventSchemas.Scores, CancellationToken.None);
        foreach (var topic in EventSchemas.ByTopic.Keys)
        {
            var schemas = new ShippedSchemas(one);
            var id = await schemas.RequireAsync(topic, CancellationToken.None);
            Assert.Equal(id, await new ShippedSchemas(other).RequireAsync(topic, CancellationToken.None));
            Assert.IsType<RegistryResult<Avro.Schema>.Found>(await other.GetByIdAsync(id, CancellationToken.None));
        }
    }

    [Fact]
    public void Every_schema_of_a_topic_names_its_key_and_time() =>
        Assert.Equal(
            [("transactions", "card_id", "ts"), ("clicks", "user_id", "ts"), ("labels", "terminal_id", "labelled_at")],
            TopicContract.All.Select(topic => (topic.Name, topic.KeyField, topic.TimeField)));
}
