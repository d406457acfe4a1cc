using System.Diagnostics.CodeAnalysis;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>A schema's JSON as it comes from a file, a registry or a user.</summary>
public static class SchemaText
{
    /// <summary>
    /// Parses a schema; on failure <paramref name="fault"/> says what is wrong with it. Apache.Avro throws whatever it stumbles over
    /// (a cast, a null, an enum's name), so any exception is a fault of the text.
    /// </summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out Schema? schema, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            (schema, fault) = (Schema.Parse(json), null);
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            (schema, fault) = (null, $"not an Avro schema: {error.Message}");
            return false;
        }
    }

    /// <summary>As <see cref="TryParse"/>, for a text that was a schema when it was stored.</summary>
    internal static Schema Parse(string json) => TryParse(json, out var schema, out var fault) ? schema : throw new FormatException(fault);
}
