using System.Collections.Immutable;
using Streaming.Features.Events;

namespace Streaming.Contracts.Events;

/// <summary>What was answered, with all that is needed to derive it again; <c>schemas/events/Score.avsc</c>.</summary>
public sealed record Score
{
    /// <summary>The request's id; deterministic when an event was scored.</summary>
    public required string ScoreId { get; init; }

    /// <summary>The card that was scored.</summary>
    public required string CardId { get; init; }

    /// <summary>The cardholder, if the request named one.</summary>
    public string? UserId { get; init; }

    /// <summary>The terminal, if the request named one.</summary>
    public string? TerminalId { get; init; }

    /// <summary>Event time that the features were read at.</summary>
    public required EventTime Ts { get; init; }

    /// <summary>When the answer left.</summary>
    public required EventTime AnsweredAt { get; init; }

    /// <summary>The feature service.</summary>
    public required string Service { get; init; }

    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The model's version.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>The feature vector in the service's order; NaN if absent.</summary>
    public required ImmutableArray<double> Features { get; init; }

    /// <summary>The model's output; the field <c>score</c>, which C# does not allow as a member of a class of that name.</summary>
    [AvroField("score")]
    public required double Value { get; init; }

    /// <summary>What was decided.</summary>
    public required string Decision { get; init; }

    /// <summary>Why, strongest first.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>Event time up to which the answer knew the log; null before the first event.</summary>
    public EventTime? Watermark { get; init; }

    /// <summary>The model was missing or failed, and its declared fallback is the answer.</summary>
    public bool Fallback { get; init; }

    /// <summary>
    /// A challenger's score that nobody was answered with. The answer beside it has the same <see cref="ScoreId"/> up to the last
    /// slash.
    /// </summary>
    public bool Shadow { get; init; }

    /// <summary>The request as it was understood, as JSON: defaults and its time put in, nulls left out.</summary>
    public string? Request { get; init; }

    /// <summary>
    /// The last offset of each partition that each entity had applied when it was read, as JSON: entity, feed, partition, offset. An
    /// entity that is not named was not in memory.
    /// </summary>
    public string? Known { get; init; }
}
