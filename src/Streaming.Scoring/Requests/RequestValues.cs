// Hot: one call per field of a request; only faults allocate.
using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Contracts.Json;
using Streaming.Features.Events;
using Streaming.Features.Numerics;

namespace Streaming.Scoring.Requests;

/// <summary>Reads the value of one field into its column of the <see cref="ScoreCall"/>; null if it is valid.</summary>
internal static class RequestValues
{
    public static RequestFault? Read(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            call.Request[field.Column]!.SetNull(0);
            return field.IsRequired ? RequestFaults.WrongType(field, "null") : null;
        }

        return field.Type switch
        {
            FieldType.Text => ReadText(ref reader, field, call),
            FieldType.Number => ReadNumber(ref reader, field, call),
            FieldType.Flag => ReadFlag(ref reader, field, call),
            _ => ReadTime(ref reader, field, call),
        };
    }

    private static RequestFault? ReadText(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return RequestFaults.WrongType(field, RequestFaults.NameOf(reader.TokenType));
        }

        if (!IsWellFormed(ref reader))
        {
            return new(
                RequestFaultKind.WrongType,
                field.Name,
                $"\"{field.Name}\" is not valid text: half of a surrogate pair or a byte that is not UTF-8");
        }

        var length = reader.CopyString(call.FreeTexts);
        call.Request.Texts(field.Column).Set(0, call.TextBytes, length);
        call.TextBytes += length;
        var unseen = field.IsKey || field.IsId ? EventLimits.Unseen(call.Request.Texts(field.Column)[0]) : null;
        if ((field.IsKey || field.IsId) && (length > EventLimits.KeyBytesMax || unseen is not null))
        {
            var has = length > EventLimits.KeyBytesMax ? string.Create(CultureInfo.InvariantCulture, $"{length} bytes") : $"{unseen} in it";
            return new(
                RequestFaultKind.OutOfRange,
                field.Name,
                $"\"{field.Name}\" has {has}; {(field.IsKey ? EventLimits.KeyRule : EventLimits.IdRule)}");
        }

        if (length == 0 && (field.IsRequired || field.IsId))
        {
            return new(RequestFaultKind.EmptyText, field.Name, $"\"{field.Name}\" is empty; name one");
        }

        return field.Symbols.IsEmpty ? null : SymbolFault(call.Request.Texts(field.Column)[0], field);
    }

    private static RequestFault? SymbolFault(ReadOnlySpan<byte> text, RequestField field)
    {
        foreach (var symbol in field.Symbols)
        {
            if (Ascii.Equals(text, symbol))
            {
                return null;
            }
        }

        return new(
            RequestFaultKind.WrongType, field.Name, $"\"{field.Name}\" is none of {string.Join(", ", field.Symbols)}");
    }

    private static bool IsWellFormed(ref Utf8JsonReader reader) =>
        (!reader.ValueIsEscaped && System.Text.Unicode.Utf8.IsValid(reader.ValueSpan))
            || (reader.ValueIsEscaped && CanUnescape(ref reader));

    private static bool CanUnescape(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static RequestFault? ReadNumber(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return RequestFaults.WrongType(field, RequestFaults.NameOf(reader.TokenType));
        }

        // The rule for events. A number beyond it fits no window and no float, and the model would see it as missing.
        if (!reader.TryGetDouble(out var number) || !NumberRange.Contains(number) || !JsonNumbers.IsHeld(ref reader, number))
        {
            return new(RequestFaultKind.OutOfRange, field.Name, $"\"{field.Name}\" is out of range: {NumberRange.Rule}");
        }

        call.Request.Numbers(field.Column)[0] = number;
        return number < field.Minimum
            ? new(
                RequestFaultKind.BelowMinimum,
                field.Name,
                string.Create(CultureInfo.InvariantCulture, $"\"{field.Name}\" is {number}, expected {field.Minimum} or more"))
            : null;
    }

    private static RequestFault? ReadFlag(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            return RequestFaults.WrongType(field, RequestFaults.NameOf(reader.TokenType));
        }

        call.Request.Numbers(field.Column)[0] = reader.TokenType == JsonTokenType.True ? 1 : 0;
        return null;
    }

    private static RequestFault? ReadTime(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (!Instants.TryRead(ref reader, out var millis))
        {
            return new(RequestFaultKind.WrongTime, field.Name, $"\"{field.Name}\" is not a time, expected {Instants.Expected}");
        }

        call.Request.Times(field.Column)[0] = millis;
        return null;
    }
}
