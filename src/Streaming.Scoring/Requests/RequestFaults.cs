using System.Globalization;
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Hocon;

namespace Streaming.Scoring.Requests;

/// <summary>The texts of faults that several parts of a request can have.</summary>
public static class RequestFaults
{
    /// <summary>What is wrong with a body, from the exception of its reader.</summary>
    public static RequestFault Malformed(Exception e) => new(
        RequestFaultKind.MalformedJson,
        string.Empty,
        e is JsonException at
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"line {at.LineNumber + 1}, byte {at.BytePositionInLine + 1}: {TooDeep(at) ?? "the body is not JSON here"}")
            : "a name in the body is not valid text: half of a surrogate pair");

    /// <summary>The reader's limit, if it gave up at that; only its message says so.</summary>
    private static string? TooDeep(JsonException e)
    {
        const string said = "maximum configured depth of ";
        if (e.Message.IndexOf(said, StringComparison.Ordinal) is not (>= 0 and var at))
        {
            return null;
        }

        var limit = e.Message.AsSpan(at + said.Length);
        return $"arrays and objects are nested deeper than the {limit[..limit.IndexOfAnyExceptInRange('0', '9')]} levels that are read";
    }

    internal static RequestFault NotAnObject(RequestSchema schema, JsonTokenType found) => new(
        RequestFaultKind.NotAnObject, string.Empty, $"found {NameOf(found)}, expected an object such as {schema.Sample}");

    internal static RequestFault Missing(RequestSchema schema, RequestField field) => new(
        RequestFaultKind.MissingField,
        field.Name,
        $"\"{field.Name}\" is missing; every request needs " +
        $"{string.Join(" and ", schema.Fields.Where(f => f.IsRequired).Select(f => f.Name))}");

    internal static RequestFault Unknown(RequestSchema schema, string found)
    {
        var names = schema.Fields.Select(field => field.Name);
        var shown = Excerpt.Of(found);
        return new(
            RequestFaultKind.UnknownField,
            shown,
            $"\"{shown}\" is not a field of {schema.Source.Name}{NearestName.Phrase(found, names, ", expected ")}");
    }

    internal static RequestFault WrongType(RequestField field, string found) =>
        new(RequestFaultKind.WrongType, field.Name, $"\"{field.Name}\" is {found}, expected {Expected(field.Type)}");

    private static string Expected(FieldType type) => type switch
    {
        FieldType.Text => "a text",
        FieldType.Number => "a number",
        FieldType.Flag => "true or false",
        _ => Instants.Expected,
    };

    internal static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => "something else",
    };
}
