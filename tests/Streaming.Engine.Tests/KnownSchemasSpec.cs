using Microsoft.Extensions.Time.Testing;
using Streaming.Engine.Sources;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Engine.Tests;

public sealed class KnownSchemasSpec : IDisposable
{
    private static readonly TopicPartition s_partition = new("transactions", 0);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_id_is_known_once_it_is_committed_and_committed_again_before_a_broker_forgets_it()
    {
        await using var log = new FaultyLog(EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"])));
        await log.CreateTopicAsync(s_partition.Topic, 1, CancellationToken.None);
        var records = new RecordBatch();
        for (var i = 0; i < 9; i++)
        {
            records.Add(0, 1, "k"u8, "v"u8);
        }

        await log.AppendAsync(s_partition, records, CancellationToken.None);
        var clock = new FakeTimeProvider();
        var schemas = new KnownSchemas(log, "g", s_partition, clock);
        schemas.Add(7);
        await schemas.CommitAsync(0, CancellationToken.None);
        Assert.False(await schemas.WasKnownAsync(7, CancellationToken.None));

        await schemas.CommitAsync(3, CancellationToken.None);
        await schemas.CommitAsync(4, CancellationToken.None);
        Assert.Equal([("g-schema-7", 3L)], log.Committed.Select(commit => (commit.Group, commit.NextOffset)));
        var restarted = new KnownSchemas(log, "g", s_partition, clock);
        Assert.True(await restarted.WasKnownAsync(7, CancellationToken.None));
        Assert.False(await restarted.WasKnownAsync(8, CancellationToken.None));

        clock.Advance(KnownSchemas.RenewEvery);
        await schemas.CommitAsync(5, CancellationToken.None);
        Assert.Equal(5, log.Committed.Last().NextOffset);
    }
}
