namespace Streaming.Contracts.Json;

/// <summary>One thing that is wrong with a JSON event.</summary>
/// <param name="Field">The field, with an index for an item (<c>features[2]</c>); empty for the event as a whole.</param>
/// <param name="Found">What the event has there.</param>
/// <param name="Expected">What would be right.</param>
public sealed record JsonFault(string Field, string Found, string Expected)
{
    /// <summary><c>field: found ..., expected ...</c>.</summary>
    public override string ToString() => $"{(Field.Length == 0 ? "event" : Field)}: found {Found}, expected {Expected}";
}
