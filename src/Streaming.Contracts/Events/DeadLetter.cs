using System.Globalization;
using Streaming.Features.Events;

namespace Streaming.Contracts.Events;

/// <summary>An event that cannot be processed, with its reason and its origin; <c>schemas/events/DeadLetter.avsc</c>.</summary>
public sealed record DeadLetter
{
    /// <summary>The same origin and reason is the same dead letter: see <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="DeadLetterReason"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>What is wrong and how to correct it, for people.</summary>
    public required string Detail { get; init; }

    /// <summary>Where the event came from.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition of <see cref="Topic"/>.</summary>
    public required int Partition { get; init; }

    /// <summary>The offset in <see cref="Partition"/>.</summary>
    public required long Offset { get; init; }

    /// <summary>The record's timestamp in the log.</summary>
    public required EventTime Timestamp { get; init; }

    /// <summary>The record's key as it was; a slice of a read buffer may be given to a writer, which copies it.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>The record's value as it was.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The writer's schema id, where the wire format could be read.</summary>
    public int? SchemaId { get; init; }

    /// <summary><c>topic/partition/offset/reason</c>: a node that reads the event again makes the same id.</summary>
    public static string IdOf(string topic, int partition, long offset, string reason) =>
        string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}/{offset}/{reason}");
}
