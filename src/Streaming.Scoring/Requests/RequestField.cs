using System.Collections.Immutable;
using System.Text;
using Streaming.Features.Events;

namespace Streaming.Scoring.Requests;

/// <summary>One field that a scoring request may have.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Column">Its column in the request's batch.</param>
/// <param name="Type">What its value is.</param>
/// <param name="IsRequired">Whether there is no score without it.</param>
/// <param name="IsKey">Whether it names an entity.</param>
/// <param name="Minimum">The least number; NaN for none.</param>
/// <param name="Default">The value when it is left out; null for none.</param>
public sealed record RequestField(string Name, int Column, FieldType Type, bool IsRequired, bool IsKey, double Minimum, string? Default)
{
    /// <summary>Whether it is an id of the next event, which must not be empty.</summary>
    public bool IsId { get; init; }

    /// <summary>The texts that it may be, where its schema lists them; else none.</summary>
    internal ImmutableArray<string> Symbols { get; init; } = [];

    internal byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Where the default lies in <see cref="RequestSchema.Constants"/>.</summary>
    internal (int Start, int Length) DefaultSlice { get; init; }
}
