using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Plugins;

namespace Streaming.Persistence.Redis.Journal;

/// <summary>
/// Events in Redis: for each persistence id a sorted set by sequence number, and its highest sequence number beside it, both written in one
/// transaction. Akka makes it from <c>akka.persistence.journal.redis</c>.
/// </summary>
public sealed class RedisJournal : AsyncWriteJournal
{
    private const int ReplayPage = 500;
    private readonly RedisPluginSettings _settings;
    private readonly RedisPluginServer _server;
    private readonly JournalEvents _events;

    /// <param name="config">The plugin's section.</param>
    public RedisJournal(Config config)
    {
        _settings = RedisPluginSettings.Create(config);
        _server = RedisPlugins.Get(Context.System).Server(_settings.Configuration);
        _events = new JournalEvents((ExtendedActorSystem)Context.System, TimeProvider.System);
    }

    /// <inheritdoc/>
    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        var (highest, last) = await _server.RunAsync(
            _settings,
            $"reading the highest sequence number of {persistenceId}",
            async (database, keys) =>
            {
                var reading = database.StringGetAsync(keys.Highest(persistenceId));
                var last = await database.SortedSetRangeByRankWithScoresAsync(keys.Events(persistenceId), -1, -1);
                return (await reading, last);
            },
            cancellationToken);

        // The number of its own is the truth after deletions; the last event is where it was lost.
        return Math.Max(highest.IsNull ? 0 : (long)highest, last.Length == 0 ? 0 : (long)last[0].Score);
    }

    /// <inheritdoc/>
    public override async Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        ArgumentNullException.ThrowIfNull(recoveryCallback);
        while (max > 0 && fromSequenceNr <= toSequenceNr)
        {
            var take = Math.Min(max, ReplayPage);
            var from = fromSequenceNr;
            var page = await _server.RunAsync(
                _settings,
                $"reading events of {persistenceId}",
                (database, keys) => database.SortedSetRangeByScoreAsync(keys.Events(persistenceId), from, toSequenceNr, take: take),
                CancellationToken.None);
            foreach (var member in page)
            {
                var persistent = _events.Read(member);
                recoveryCallback(persistent);
                fromSequenceNr = persistent.SequenceNr + 1;
            }

            max = page.Length < take ? 0 : max - page.Length;
        }
    }

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        var rejections = new Exception?[writes.Length];
        var sent = new List<Task>(writes.Length);
        for (var i = 0; i < writes.Length; i++)
        {
            if (_events.TryWrite(writes[i], out var members, out rejections[i]))
            {
                sent.Add(SendAsync(writes[i], members, cancellationToken));
            }
        }

        // One that fails fails all: whether it was written is not known, and that is no rejection.
        await Task.WhenAll(sent);
        return rejections.ToImmutableList()!;
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _server.RunAsync(
            _settings,
            $"deleting events of {persistenceId}",
            async (database, keys) =>
            {
                var upTo = toSequenceNr == long.MaxValue ? double.PositiveInfinity : toSequenceNr;
                return await database.SortedSetRemoveRangeByScoreAsync(keys.Events(persistenceId), double.NegativeInfinity, upTo);
            },
            cancellationToken);

    private Task<bool> SendAsync(AtomicWrite write, SortedSetEntry[] members, CancellationToken cancellation) => _server.RunAsync(
        _settings,
        $"writing events of {write.PersistenceId}",
        async (database, keys) =>
        {
            var transaction = database.CreateTransaction();

            // An event that is written again, after a write whose end was not known, takes the place of the first.
            await PluginTransaction.RunAsync(
                transaction,
                transaction.SortedSetRemoveRangeByScoreAsync(
                    keys.Events(write.PersistenceId), write.LowestSequenceNr, write.HighestSequenceNr),
                transaction.SortedSetAddAsync(keys.Events(write.PersistenceId), members),
                transaction.StringSetAsync(keys.Highest(write.PersistenceId), write.HighestSequenceNr));
            return true;
        },
        cancellation);
}
