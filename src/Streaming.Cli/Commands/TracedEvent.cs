using System.Collections.Immutable;
using Streaming.Contracts.Events;
using Streaming.Engine.Replays;

namespace Streaming.Cli.Commands;

/// <summary>An event, and what became of it.</summary>
/// <param name="Event">The event.</param>
/// <param name="Letters">Its dead letters.</param>
/// <param name="ReplayOf">The dead letter's origin that it is the replay of; null if it is none.</param>
/// <param name="ReplayedAt">Where it was appended again; null if it was not.</param>
/// <param name="Receipts">Of each entity that it feeds; the receipt is null where neither a node nor a store could be asked.</param>
internal sealed record TracedEvent(
    FoundEvent Event,
    ImmutableArray<DeadLetter> Letters,
    string? ReplayOf,
    string? ReplayedAt,
    ImmutableArray<(FedEntity Entity, EventReceipt? Receipt)> Receipts);
