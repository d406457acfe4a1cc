using System.Globalization;

namespace Streaming.Chaos.Processes;

/// <summary>The settings of a run's nodes: everything quick, so that much happens in little time.</summary>
internal static class NodeConfig
{
    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="checkpointMillis">How often shards are flushed.</param>
    /// <param name="shards">Shards of each type: with few of them no other shard's older restart point hides what one vouches for too soon.</param>
    /// <param name="entities">The ceiling of entities in memory.</param>
    /// <param name="batchEntries">Snapshots of one write: few of them make many writes of a flush.</param>
    /// <param name="redis">host:port; null for the embedded one.</param>
    /// <param name="kafka">host:port; null for the embedded log.</param>
    public static Task WriteAsync(string path, int checkpointMillis, int shards, int entities, int batchEntries, string? redis, string? kafka) => File.WriteAllTextAsync(
        path,
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            streaming {
              engine {
                checkpoint-interval = {{checkpointMillis}}ms, commit-interval = 200ms, shards = {{shards}}, retry-backoff-max = 1s, delivery-timeout = 10s
                unknown-schema-wait = 100ms, memory.entities = {{entities}}, stale-after = {{StaleAfterMillis}}ms
                partitions { transactions = 3, clicks = 2, labels = 2, scores = 2, dead-letters = 1 }
              }
              redis { connection = "{{redis}}", connect-timeout = 1s, call-timeout = 1s, slots.batch-entries = {{batchEntries}}, embedded { checkpoint-interval = 10s, memory-bytes = 33554432 } }
              kafka { bootstrap.servers = "{{kafka}}", topic-check-interval = 500ms, delivery-timeout = 5s, request-timeout = 10s, answer-timeout = 2s }
              log.embedded.busy-timeout = 2s
              events.append-timeout = 4s
              parity { share = 1, queue-limit = 20000, interval = 200ms, events-per-second = 200000 }
            }
            """));

    /// <summary>When answers are stale at the latest.</summary>
    public const int StaleAfterMillis = 1000;
}
