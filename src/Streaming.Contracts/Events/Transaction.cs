using Streaming.Features.Events;

namespace Streaming.Contracts.Events;

/// <summary>A card was used at a terminal; <c>schemas/events/Transaction.avsc</c>.</summary>
public sealed record Transaction
{
    /// <summary>Unique; the same event sent twice has the same id.</summary>
    public required string EventId { get; init; }

    /// <summary>The card.</summary>
    public required string CardId { get; init; }

    /// <summary>The cardholder, if known.</summary>
    public string? UserId { get; init; }

    /// <summary>The terminal.</summary>
    public required string TerminalId { get; init; }

    /// <summary>In units of <see cref="Currency"/>, not cents.</summary>
    public required double Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>Event time.</summary>
    public required EventTime Ts { get; init; }

    /// <summary>Merchant category code, ISO 18245.</summary>
    public string? Mcc { get; init; }

    /// <summary>Of the terminal, ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>How the card was presented.</summary>
    public string? Channel { get; init; }

    /// <summary>Known only in historical data.</summary>
    public bool? Fraud { get; init; }
}
