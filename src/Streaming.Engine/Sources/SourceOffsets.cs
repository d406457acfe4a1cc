using System.IO.Hashing;
using System.Text;
using Streaming.Engine.Checkpoints;
using Streaming.Log;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Sources;

/// <summary>
/// What a source leaves for after a restart: the restart point, committed to the consumer group, for lag tools and people; and its
/// ledger, in a slot of its own. The slot also fences it: a partition has one source. Used by one caller at a time.
/// </summary>
internal sealed class SourceOffsets(SourceClients clients, string consumerGroup, ulong definitions, TopicPartition partition)
{
    private readonly GroupOffset _restart = new(clients.Log, consumerGroup, partition);
    private IShardSlot? _slot;
    private SourceLedger? _written;

    /// <summary>The schema ids that the registry has given.</summary>
    public KnownSchemas Schemas { get; } = new();

    /// <summary>Takes the slot, the first time, and reads the ledger.</summary>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    public async Task<SourceLedger> OpenAsync(string topicIdentity, long endOffset, CancellationToken cancellation)
    {
        if (_slot is null)
        {
            var slot = await clients.Slots.TakeAsync(Address(partition, clients.Generation), Guid.NewGuid(), cancellation);
            _written = slot.Manifest is { } bytes ? SourceLedger.TryRead(bytes.Span) : await ReplacedAsync(cancellation);
            _slot = slot;
        }

        var empty = SourceLedger.Empty(consumerGroup, topicIdentity, definitions);
        var ledger = _written?.For(empty) ?? empty;
        Schemas.Restore(ledger.Schemas);

        // One beyond the end is of an older copy of the log.
        return ledger.JudgedOffset <= endOffset ? ledger : empty with { Schemas = ledger.Schemas };
    }

    /// <summary>Writes the ledger, if it has changed, and commits the restart point, if there is one.</summary>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    /// <exception cref="SlotFencedException">Another node has taken the partition.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task CommitAsync(SourceLedger ledger, long? restartOffset, CancellationToken cancellation)
    {
        var bytes = (ledger with { Schemas = Schemas.Ids }).ToBytes();
        if (_slot is not null && !bytes.AsSpan().SequenceEqual(_written?.ToBytes()))
        {
            await _slot.WriteManifestAsync(bytes, cancellation);
            _written = SourceLedger.TryRead(bytes);
        }

        if (restartOffset is { } restart)
        {
            await _restart.AdvanceAsync(restart, cancellation);
        }
    }

    // A new generation has the dead letters of the one that it replaces. Poison it tries again: it may be why it is built.
    private async Task<SourceLedger?> ReplacedAsync(CancellationToken cancellation) =>
        clients.Replaces is { } replaced
        && await clients.Slots.ReadManifestAsync(Address(partition, replaced), cancellation) is { } bytes
        && SourceLedger.TryRead(bytes.Span) is { } ledger
            ? ledger with { Poison = [] }
            : null;

    /// <summary>The slot of a partition's ledger in a generation. A topic may have dots in its name, a slot's type may not.</summary>
    public static SlotAddress Address(TopicPartition partition, long generation) => new(
        generation,
        partition.Topic.Contains('.', StringComparison.Ordinal)
            ? FormattableString.Invariant($"source-{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(partition.Topic)):x16}")
            : $"source-{partition.Topic}",
        partition.Partition);
}
