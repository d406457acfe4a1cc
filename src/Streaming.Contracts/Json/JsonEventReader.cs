using System.Collections.Immutable;
using System.Text.Json;
using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Hocon;

namespace Streaming.Contracts.Json;

/// <summary>
/// Turns JSON events, as <c>POST /events/{topic}</c> takes them, into Avro. One flat object: a field that is left out, or null if the
/// schema allows it, takes its default; instants are milliseconds since the epoch or ISO 8601; bytes are base64. Thread-safe.
/// </summary>
public sealed class JsonEventReader
{
    /// <summary>The most faults that are reported for one event.</summary>
    private const int MaxFaults = 32;

    private readonly RecordSchema _schema;
    private readonly byte[]?[] _defaults;

    /// <param name="schema">The schema to write; nested records, maps and fixeds are an <see cref="ArgumentException"/>.</param>
    public JsonEventReader(RecordSchema schema)
    {
        _schema = schema;
        _defaults = [.. schema.Fields.Select(DefaultOf)];
        foreach (var field in schema.Fields)
        {
            JsonValues.Require(field);
        }
    }

    /// <summary>Appends the event's Avro to <paramref name="output"/> (nothing on failure) or reports all that is wrong with it.</summary>
    /// <param name="json">UTF-8, one object.</param>
    /// <param name="output">Where Avro's binary goes; write the wire format's head first.</param>
    /// <param name="faults">Empty on success.</param>
    public bool TryRead(ReadOnlySpan<byte> json, AvroBuffer output, out ImmutableArray<JsonFault> faults)
    {
        var found = ImmutableArray.CreateBuilder<JsonFault>();
        var values = new (int Start, int Length)[_schema.Fields.Count];
        Array.Fill(values, (0, -1));
        var scratch = new AvroBuffer(json.Length + 64);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
            ReadObject(ref reader, scratch, values, found);
        }
        catch (JsonException error)
        {
            found.Add(new JsonFault(
                "", $"malformed JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}", "one JSON object"));
        }

        faults = [.. found.Take(MaxFaults)];
        if (faults.IsEmpty)
        {
            Assemble(scratch, values, output);
        }

        return faults.IsEmpty;
    }

    private void ReadObject(
        ref Utf8JsonReader reader, AvroBuffer scratch, (int Start, int Length)[] values, ImmutableArray<JsonFault>.Builder found)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            found.Add(new JsonFault("", JsonWords.Describe(ref reader), "one JSON object"));
            return;
        }

        var seen = new bool[values.Length];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader, scratch, values, seen, found);
        }

        // Throws if anything follows the object.
        reader.Read();
        for (var i = 0; i < values.Length; i++)
        {
            if (!seen[i] && _defaults[i] is null)
            {
                found.Add(new JsonFault(_schema.Fields[i].Name, "nothing", JsonWords.Expected(_schema.Fields[i].Schema)));
            }
        }
    }

    private void ReadField(
        ref Utf8JsonReader reader,
        AvroBuffer scratch,
        (int Start, int Length)[] values,
        bool[] seen,
        ImmutableArray<JsonFault>.Builder found)
    {
        var index = FieldOf(ref reader);
        if (index < 0)
        {
            found.Add(Unknown(JsonWords.Shown(ref reader)));
            reader.Skip();
            return;
        }

        var field = _schema.Fields[index];
        reader.Read();
        if (seen[index])
        {
            found.Add(new JsonFault(field.Name, "the field twice", "it once"));
            reader.Skip();
            return;
        }

        seen[index] = true;
        var start = scratch.Length;
        if (!JsonValues.TryWrite(ref reader, field.Schema, scratch, out var fault))
        {
            found.Add(fault with { Field = field.Name + fault.Field });
        }

        values[index] = (start, scratch.Length - start);
    }

    private int FieldOf(ref Utf8JsonReader reader)
    {
        try
        {
            for (var i = 0; i < _schema.Fields.Count; i++)
            {
                if (reader.ValueTextEquals(_schema.Fields[i].Name))
                {
                    return i;
                }
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape: no field has such a name.
        }

        return -1;
    }

    private JsonFault Unknown(string name)
    {
        var nearest = NearestName.Find(name, _schema.Fields.Select(field => field.Name));
        return new JsonFault(
            name,
            "an unknown field",
            nearest is null ? $"one of {string.Join(", ", _schema.Fields.Select(field => field.Name))}" : $"{nearest}?");
    }

    private void Assemble(AvroBuffer scratch, (int Start, int Length)[] values, AvroBuffer output)
    {
        for (var i = 0; i < values.Length; i++)
        {
            output.WriteRaw(values[i].Length < 0 ? _defaults[i] : scratch.Written.Slice(values[i].Start, values[i].Length));
        }
    }

    private static byte[]? DefaultOf(Field field)
    {
        if (field.DefaultValue is null)
        {
            return null;
        }

        var encoded = new AvroBuffer();
        SchemaDefaults.Write(encoded, field.Schema, field.DefaultValue);
        return encoded.Written.ToArray();
    }
}
