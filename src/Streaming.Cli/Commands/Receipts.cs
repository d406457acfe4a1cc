using System.Text;
using Streaming.Cli.Clients;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Events;
using Streaming.Engine.Replays;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Node.Settings;
using Streaming.Persistence.Redis;

namespace Streaming.Cli.Commands;

/// <summary>What became of events: from a running node, or from its store of snapshots where none runs.</summary>
internal sealed class Receipts : IAsyncDisposable
{
    private readonly ReplayServices _services;
    private readonly AdminClient? _node;
    private readonly SnapshotStore? _store;
    private readonly StoredStates? _stored;
    private readonly ReplayLedger _ledger;
    private readonly DuplicateSearch _duplicates;
    private readonly Dictionary<EventPlace, List<DeadLetter>> _letters = [];

    private Receipts(
        ReplayServices services, AdminClient? node, SnapshotStore? store, StoredStates? stored, string? away = null)
    {
        Away = away;
        (_services, _node, _store, _stored) = (services, node, store, stored);
        _ledger = new ReplayLedger(services.Log);
        _duplicates = new DuplicateSearch(services);
    }

    /// <summary>What the answers do not say; null for nothing.</summary>
    public string? Note =>
        Away is not null ? "the node or its store of snapshots does not answer: what entities hold is not known, the rest is from the log"
        : _node is not null ? null
        : _stored is not null ? "no node runs on this data: what its snapshots hold is shown, and a start reads the rest"
        : "no node runs on this data, and its store of snapshots is empty: what entities hold is not known";

    /// <summary>Why the node or the store could not be asked; null if they could, or need not be.</summary>
    public string? Away { get; private set; }

    /// <summary>Finds whom to ask.</summary>
    public static async Task<Receipts> OpenAsync(CliSettings settings, ReplayServices services, CancellationToken cancellation)
    {
        SnapshotStore? store = null;
        try
        {
            if (await AdminClient.FindAsync(settings, cancellation) is { } node)
            {
                return new Receipts(services, node, null, null);
            }

            store = await settings.OpenExistingSnapshotsAsync(cancellation);
            return new Receipts(services, null, store, store is null ? null : await StoredStates.OpenAsync(store.Slots, cancellation));
        }
        catch (Exception away) when (IsAway(away))
        {
            // It is used by a node whose admin server is off, or out of reach: the rest of the answer stands.
            return new Receipts(services, null, store, null, away.Message);
        }
    }

    /// <summary>Reads the dead letters of places, and what was replayed.</summary>
    public async Task LoadAsync(IEnumerable<EventPlace> places, CancellationToken cancellation)
    {
        await _ledger.LoadAsync(cancellation);
        foreach (var place in places)
        {
            _letters[place] = [];
        }

        if (_letters.Count > 0)
        {
            await foreach (var letter in new DeadLetterReader(_services.Log, _services.Registry).ReadAllAsync([], cancellation))
            {
                if (_letters.TryGetValue(new EventPlace(letter.Topic, letter.Partition, letter.Offset), out var known)
                    && known.TrueForAll(other => other.Id != letter.Id))
                {
                    known.Add(letter);
                }
            }
        }
    }

    /// <summary>What became of an event whose place was loaded.</summary>
    public async Task<TracedEvent> OfAsync(FoundEvent found, CancellationToken cancellation)
    {
        var letters = _letters[found.Place];
        var receipts = new List<(FedEntity, EventReceipt?)>();
        foreach (var entity in found.Feeds)
        {
            var trace = await TraceAsync(entity, cancellation);
            var isDead = letters.Exists(letter => letter.Reason != DeadLetterReason.Poison || IsOf(letter, entity));
            var isDuplicate = !isDead && await _duplicates.IsDuplicateAsync(found.Place, entity, cancellation);
            receipts.Add((entity, trace is null ? null : EventReceipt.Of(found.Place, entity, trace, isDead, isDuplicate)));
        }

        var at = _ledger[found.Place] is { At: { } replayed } ? (found.Place with { Offset = replayed }).ToString() : null;
        return new TracedEvent(found, [.. letters], _ledger.OriginOf(found.Place), at, [.. receipts]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _node?.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private static bool IsAway(Exception failure) => failure is SlotStoreException or CliFailure { Code: ExitCode.Unreachable };

    // A poison letter's detail begins with each entity that failed, by type.
    private static bool IsOf(DeadLetter letter, FedEntity entity) =>
        letter.Detail.Split("; ").Any(part => part.StartsWith($"{entity.Feed.Entity.Name}/", StringComparison.Ordinal));

    private async Task<EntityTrace?> TraceAsync(FedEntity entity, CancellationToken cancellation)
    {
        var type = entity.Feed.Entity;
        try
        {
            // One that does not answer is not waited for a second time.
            return Away is not null ? null
                : _node is not null ? await _node.GetAsync<EntityTrace>(
                    $"entities/{type.Name}/{Uri.EscapeDataString(Encoding.UTF8.GetString(entity.Key.Span))}", cancellation)
                : _stored is null ? null
                : await _stored.TraceAsync(type, entity.Key, null, cancellation);
        }
        catch (Exception away) when (IsAway(away))
        {
            Away = away.Message;
            return null;
        }
    }
}
