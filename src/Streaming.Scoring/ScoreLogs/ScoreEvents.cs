// Hot: once per score, off its request's path.
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>
/// Makes records of the topic scores for one version of a model. Used by one thread at a time. Buffers are reused, so that logging causes
/// no garbage collections, which would delay scores.
/// </summary>
internal sealed class ScoreEvents
{
    /// <summary>How many sets of reasons are cached; more are built anew each time.</summary>
    private const int KeptReasons = 1024;
    private const int HashBytes = 16;
    private readonly RecordWriter<Score> _writer = RecordWriter.Compile<Score>(EventSchemas.Score);
    private readonly AvroBuffer _value = new();
    private readonly ScoreJson _json;
    private readonly XxHash128 _hash = new();
    private readonly Dictionary<ulong, ImmutableArray<string>> _reasons = [];
    private readonly double[] _features;
    private readonly Scorer _scorer;
    private readonly string _version;
    private readonly string _idEnd;
    private readonly (int Card, int User, int Terminal, int Event) _columns;

    public ScoreEvents(Scorer scorer, RequestSchema schema, ScoreJson json)
    {
        _scorer = scorer;
        _json = json;
        _features = new double[scorer.Service.FeatureNames.Length];
        _idEnd = $"/{scorer.ModelId}";
        _version = scorer.ModelId[(scorer.ModelId.LastIndexOf('@') + 1)..];
        _columns = (
            ColumnOf(schema, "card_id"), ColumnOf(schema, "user_id"), ColumnOf(schema, "terminal_id"), ColumnOf(schema, "event_id"));
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
        _json.Write(entry);
        for (var i = 0; i < _features.Length; i++)
        {
            _features[i] = entry.Vector[i];
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
            // Written before the next answer is put into the same array.
            Features = ImmutableCollectionsMarshal.AsImmutableArray(_features),
            Value = entry.Result.Score,
            Decision = DecisionNames.Of(entry.Result.Decision).Value,
            Reasons = ReasonsOf(entry.Result.Reasons),
            Watermark = entry.AsOf == EventTime.None ? null : entry.AsOf,
            Fallback = entry.Result.IsFallback,
            Shadow = entry.IsShadow,
            Request = Encoding.UTF8.GetString(_json.Written),
            Known = KnownOf(entry),
        };
    }

    // Last: it takes the place of the request.
    private string KnownOf(ScoreEntry entry)
    {
        _json.WriteKnown(entry);
        return Encoding.UTF8.GetString(_json.Written);
    }

    /// <summary>
    /// The event's id and the model if an event was scored, so that scoring it again gives the same id; else a hash of request,
    /// features, times and model. An answer that is appended twice has one id.
    /// </summary>
    private string IdOf(ScoreEntry entry)
    {
        if (TextOf(entry, _columns.Event) is { } scored)
        {
            return scored + _idEnd;
        }

        _hash.Append(_json.Written);
        _hash.Append(MemoryMarshal.AsBytes(entry.Vector.AsSpan()));
        _hash.Append(MemoryMarshal.AsBytes<long>([entry.AtMillis, entry.AsOf.Millis, entry.AnsweredAtMillis]));
        Span<byte> fingerprint = stackalloc byte[HashBytes];
        Span<char> hex = stackalloc char[2 * HashBytes];
        _hash.GetHashAndReset(fingerprint);
        Convert.TryToHexStringLower(fingerprint, hex, out _);
        return string.Concat(hex, _idEnd);
    }

    private ImmutableArray<string> ReasonsOf(ulong rules)
    {
        if (!_reasons.TryGetValue(rules, out var names))
        {
            names = NamesOf(rules);
            if (_reasons.Count < KeptReasons)
            {
                _reasons[rules] = names;
            }
        }

        return names;
    }

    private ImmutableArray<string> NamesOf(ulong rules) =>
        [.. _scorer.Definition.Reasons.Where((_, i) => (rules & (1UL << i)) != 0).Select(reason => reason.Name)];

    private static string? TextOf(ScoreEntry entry, int column) =>
        entry.Text(column) is { IsEmpty: false } text ? Encoding.UTF8.GetString(text) : null;

    private static int ColumnOf(RequestSchema schema, string name) =>
        schema.Source.IndexOf(name) is var column && column >= 0 && schema.Fields[column].Type == FieldType.Text ? column : -1;
}
