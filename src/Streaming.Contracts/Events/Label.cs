using Streaming.Features.Events;

namespace Streaming.Contracts.Events;

/// <summary>What a transaction turned out to be; <c>schemas/events/Label.avsc</c>.</summary>
public sealed record Label
{
    /// <summary>The <see cref="Transaction.EventId"/> of the transaction.</summary>
    public required string TransactionId { get; init; }

    /// <summary>The card of the transaction.</summary>
    public required string CardId { get; init; }

    /// <summary>The terminal of the transaction.</summary>
    public required string TerminalId { get; init; }

    /// <summary>Event time of the transaction.</summary>
    public required EventTime TransactionTs { get; init; }

    /// <summary>Whether it was fraud.</summary>
    public required bool Fraud { get; init; }

    /// <summary>When this became known.</summary>
    public required EventTime LabelledAt { get; init; }
}
