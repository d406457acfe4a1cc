using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Scoring;

namespace Streaming.Node.Scoring;

/// <summary>Makes records of the topic scores. Used by one thread at a time.</summary>
internal sealed class ScoreEvents
{
    private readonly RecordWriter<Score> _writer = RecordWriter.Compile<Score>(EventSchemas.Score);
    private readonly AvroBuffer _value = new();
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Scorer _scorer;
    private readonly string _version;
    private readonly (int Card, int User, int Terminal, int Event) _columns;

    public ScoreEvents(Scorer scorer, RequestSchema schema)
    {
        _scorer = scorer;
        _version = scorer.ModelId[(scorer.ModelId.LastIndexOf('@') + 1)..];
        _columns = (ColumnOf(schema, "card_id"), ColumnOf(schema, "user_id"), ColumnOf(schema, "terminal_id"), ColumnOf(schema, "event_id"));
    }

    /// <summary>Adds the record of an answer.</summary>
    public void Add(ScoreEntry entry, int schemaId, RecordBatch records)
    {
        _value.Clear();
        _writer.Write(EventOf(entry), schemaId, _value);
        records.Add(-1, entry.AnsweredAtMillis, entry.Text(_columns.Card), _value.Written);
    }

    private Score EventOf(ScoreEntry entry)
    {
        _json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_json))
        {
            entry.WriteRequest(writer);
        }

        return new Score
        {
            ScoreId = IdOf(entry),
            CardId = TextOf(entry, _columns.Card) ?? string.Empty,
            UserId = TextOf(entry, _columns.User),
            TerminalId = TextOf(entry, _columns.Terminal),
            Ts = new EventTime(entry.AtMillis),
            AnsweredAt = new EventTime(entry.AnsweredAtMillis),
            Service = _scorer.Service.Name,
            Model = _scorer.Definition.Name,
            ModelVersion = _version,
            Features = [.. entry.Vector.Select(feature => (double)feature)],
            Value = entry.Result.Score,
            Decision = ScoreAnswer.NameOf(entry.Result.Decision).Value,
            Reasons = [.. _scorer.Definition.Reasons.Where((_, i) => (entry.Result.Reasons & (1UL << i)) != 0).Select(reason => reason.Name)],
            Watermark = entry.AsOf == EventTime.None ? null : entry.AsOf,
            Fallback = entry.Result.IsFallback,
            Request = Encoding.UTF8.GetString(_json.WrittenSpan),
        };
    }

    /// <summary>
    /// The event's id and the model where an event was scored, so that scoring it again is the same; else a fingerprint of request,
    /// features, times and model. An answer that is appended twice has one id.
    /// </summary>
    private string IdOf(ScoreEntry entry)
    {
        if (TextOf(entry, _columns.Event) is { } scored)
        {
            return $"{scored}/{_scorer.ModelId}";
        }

        var hash = new XxHash128();
        hash.Append(_json.WrittenSpan);
        hash.Append(MemoryMarshal.AsBytes(entry.Vector.AsSpan()));
        hash.Append(MemoryMarshal.AsBytes<long>([entry.AtMillis, entry.AsOf.Millis, entry.AnsweredAtMillis]));
        return $"{Convert.ToHexStringLower(hash.GetCurrentHash())}/{_scorer.ModelId}";
    }

    private static string? TextOf(ScoreEntry entry, int column) => entry.Text(column) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;

    private static int ColumnOf(RequestSchema schema, string name) => schema.Source.IndexOf(name) is var column && column >= 0 && schema.Fields[column].Type == FieldType.Text ? column : -1;
}
