using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using Akka.Serialization;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Plugins;

namespace Streaming.Persistence.Redis.Snapshots;

/// <summary>
/// Snapshots in Redis: for each persistence id a sorted set by sequence number, one snapshot a number. Akka makes it from
/// <c>akka.persistence.snapshot-store.redis</c>.
/// </summary>
public sealed class RedisSnapshotStore : SnapshotStore
{
    private readonly RedisPluginSettings _settings;
    private readonly RedisPluginServer _server;
    private readonly Serializer _serializer;
    private readonly ExtendedActorSystem _system;

    /// <param name="config">The plugin's section.</param>
    public RedisSnapshotStore(Config config)
    {
        _settings = RedisPluginSettings.Create(config);
        _system = (ExtendedActorSystem)Context.System;
        _server = RedisPlugins.Get(_system).Server(_settings.Configuration);
        _serializer = _system.Serialization.FindSerializerForType(typeof(SelectedSnapshot));
    }

    /// <inheritdoc/>
    protected override async Task<SelectedSnapshot> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        // The newest first, one at a time: nearly always it is the one, whatever the number of older ones.
        var below = criteria.MaxSequenceNr;
        while (below >= criteria.MinSequenceNr)
        {
            var upTo = below;
            var found = await _server.RunAsync(
                _settings,
                $"loading a snapshot of {persistenceId}",
                (database, keys) => database.SortedSetRangeByScoreAsync(
                    keys.Snapshots(persistenceId), criteria.MinSequenceNr, Score(upTo), order: Order.Descending, take: 1),
                cancellationToken);
            if (found.Length == 0)
            {
                break;
            }

            var metadata = SnapshotSerializer.MetadataOf(found[0]);
            if (Matches(metadata, criteria))
            {
                return _serializer.FromBinary<SelectedSnapshot>((byte[])found[0]!);
            }

            below = metadata.SequenceNr - 1;
        }

        return null!;
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var bytes = Serialization.WithTransport(_system, () => _serializer.ToBinary(new SelectedSnapshot(metadata, snapshot)));
        return _server.RunAsync(
            _settings,
            $"saving a snapshot of {metadata.PersistenceId}",
            async (database, keys) =>
            {
                // As a whole: another snapshot of the same number goes, and none is missing in between.
                var transaction = database.CreateTransaction();
                await PluginTransaction.RunAsync(
                    transaction,
                    transaction.SortedSetRemoveRangeByScoreAsync(
                        keys.Snapshots(metadata.PersistenceId), metadata.SequenceNr, metadata.SequenceNr),
                    transaction.SortedSetAddAsync(keys.Snapshots(metadata.PersistenceId), bytes, metadata.SequenceNr));
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        // Without a time of its own the number alone names it.
        var upTo = metadata.Timestamp == DateTime.MinValue ? DateTime.MaxValue : metadata.Timestamp;
        return DeleteAsync(
            metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, upTo, metadata.SequenceNr), cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _server.RunAsync(
            _settings,
            $"deleting snapshots of {persistenceId}",
            async (database, keys) =>
            {
                var (from, to) = ((double)criteria.MinSequenceNr, Score(criteria.MaxSequenceNr));
                if (criteria.MaxTimeStamp == DateTime.MaxValue && criteria.MinTimestamp.GetValueOrDefault() == DateTime.MinValue)
                {
                    return await database.SortedSetRemoveRangeByScoreAsync(keys.Snapshots(persistenceId), from, to);
                }

                // Times are in the members; what is deleted is what was read, not what took its place meanwhile.
                var members = await database.SortedSetRangeByScoreAsync(keys.Snapshots(persistenceId), from, to);
                var matching = Array.FindAll(members, member => Matches(SnapshotSerializer.MetadataOf(member), criteria));
                return matching.Length == 0 ? 0 : await database.SortedSetRemoveAsync(keys.Snapshots(persistenceId), matching);
            },
            cancellationToken);

    private static double Score(long sequenceNr) => sequenceNr == long.MaxValue ? double.PositiveInfinity : sequenceNr;

    private static bool Matches(SnapshotMetadata metadata, SnapshotSelectionCriteria criteria) =>
        metadata.SequenceNr <= criteria.MaxSequenceNr && metadata.SequenceNr >= criteria.MinSequenceNr
        && metadata.Timestamp <= criteria.MaxTimeStamp && metadata.Timestamp >= (criteria.MinTimestamp ?? DateTime.MinValue);
}
