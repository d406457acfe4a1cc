using Streaming.Features.Events;

namespace Streaming.Contracts.Events;

/// <summary>A user did something with an item; <c>schemas/events/Click.avsc</c>.</summary>
public sealed record Click
{
    /// <summary>Unique; the same event sent twice has the same id.</summary>
    public required string EventId { get; init; }

    /// <summary>The user.</summary>
    public required string UserId { get; init; }

    /// <summary>The visit that this belongs to.</summary>
    public required string SessionId { get; init; }

    /// <summary>The item.</summary>
    public required string ItemId { get; init; }

    /// <summary>The item's category, if known.</summary>
    public string? Category { get; init; }

    /// <summary>What was done.</summary>
    public required ClickKind Kind { get; init; }

    /// <summary>The item's price, if known.</summary>
    public double? Price { get; init; }

    /// <summary>Event time.</summary>
    public required EventTime Ts { get; init; }
}
