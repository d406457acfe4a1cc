// Hot: filled once per score; it is read off the request's path.
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>
/// A copy of a call's request and answer on its way to the log, because calls are reused at once. Belongs to one answer at a time.
/// </summary>
internal sealed class ScoreEntry
{
    private const int KeptBytes = 4096;
    private readonly RequestSchema _schema;
    private readonly long[] _scalars;
    private readonly (int Start, int Length)[] _texts;
    private byte[] _bytes = new byte[256];
    private int _used;

    public ScoreEntry(RequestSchema schema, ServicePlan service)
    {
        _schema = schema;
        _scalars = new long[schema.Fields.Length];
        _texts = new (int, int)[schema.Fields.Length];
        Vector = new float[service.FeatureNames.Length];
        Known = new KnownOffsets(service);
    }

    /// <summary>Where it is used again; null for an entry that is not.</summary>
    public ScoreEntryPool? Home { get; set; }

    /// <summary>Who writes it; null for an entry that is not on its way to the log.</summary>
    public ScoreLogLane? Lane { get; set; }

    /// <summary>Whether a challenger's score is in it, which nobody was answered with.</summary>
    public bool IsShadow { get; private set; }

    /// <summary>What the model was given.</summary>
    public float[] Vector { get; }

    /// <summary>What the entities had applied when they were read.</summary>
    public KnownOffsets Known { get; }

    public ScoreResult Result { get; private set; }

    public long AtMillis { get; private set; }

    public EventTime AsOf { get; private set; }

    public long AnsweredAtMillis { get; private set; }

    /// <summary>Bytes of the request's texts.</summary>
    public int TextBytes => _used;

    /// <summary>Copies a call that is answered.</summary>
    public void Copy(ScoreCall call, long answeredAtMillis)
    {
        (Result, AtMillis, AsOf, AnsweredAtMillis, _used) = (call.Result, call.AtMillis, call.AsOf, answeredAtMillis, 0);
        IsShadow = false;
        call.Vector.CopyTo(Vector, 0);
        Known.CopyFrom(call.Known);
        foreach (var field in _schema.Fields)
        {
            var column = field.Column;
            switch (field.Type)
            {
                case FieldType.Text:
                    var text = call.Request.Texts(column);
                    _texts[column] = text.IsNull(0) ? (0, -1) : (Keep(text[0]), text[0].Length);
                    break;
                case FieldType.Time:
                    _scalars[column] = call.Request.Times(column)[0];
                    break;
                default:
                    _scalars[column] = BitConverter.DoubleToInt64Bits(call.Request.Numbers(column)[0]);
                    break;
            }
        }
    }

    /// <summary>Copies an entry of the same schema.</summary>
    public void Copy(ScoreEntry other)
    {
        (Result, AtMillis, AsOf, AnsweredAtMillis, IsShadow) =
            (other.Result, other.AtMillis, other.AsOf, other.AnsweredAtMillis, other.IsShadow);
        other.Vector.CopyTo(Vector, 0);
        Known.CopyFrom(other.Known);
        other._scalars.CopyTo(_scalars, 0);
        other._texts.CopyTo(_texts, 0);
        _used = 0;
        Keep(other._bytes.AsSpan(0, other._used));
    }

    /// <summary>Puts a challenger's score in the place of the answer.</summary>
    public void SetShadow(in ScoreResult result) => (Result, IsShadow) = (result, true);

    /// <summary>Gives it back.</summary>
    public void Return() => Home?.Return(this);

    /// <summary>Lets go of memory that only a rare large request needs.</summary>
    public void Trim() => _bytes = _bytes.Length > KeptBytes ? new byte[256] : _bytes;

    /// <summary>A text of the request; empty for null, and for a field that there is not.</summary>
    public ReadOnlySpan<byte> Text(int column) =>
        column < 0 || _texts[column].Length <= 0 ? default : _bytes.AsSpan(_texts[column].Start, _texts[column].Length);

    /// <summary>Writes the request as a JSON object.</summary>
    public void WriteRequest(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var field in _schema.Fields)
        {
            var number = BitConverter.Int64BitsToDouble(_scalars[field.Column]);
            if (field.Type == FieldType.Text && _texts[field.Column].Length >= 0)
            {
                writer.WriteString(field.Name, Text(field.Column));
            }
            else if (field.Type == FieldType.Time && _scalars[field.Column] != TimeColumn.Null)
            {
                writer.WriteNumber(field.Name, _scalars[field.Column]);
            }
            else if (field.Type == FieldType.Number && double.IsFinite(number))
            {
                writer.WriteNumber(field.Name, number);
            }
            else if (field.Type == FieldType.Flag && double.IsFinite(number))
            {
                writer.WriteBoolean(field.Name, number == 1);
            }
        }

        writer.WriteEndObject();
    }

    private int Keep(ReadOnlySpan<byte> text)
    {
        if (_bytes.Length - _used < text.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _used + text.Length));
        }

        text.CopyTo(_bytes.AsSpan(_used));
        _used += text.Length;
        return _used - text.Length;
    }
}
