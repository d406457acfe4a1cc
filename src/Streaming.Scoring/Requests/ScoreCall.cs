// Hot: one is borrowed per request.
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;

namespace Streaming.Scoring.Requests;

/// <summary>
/// All memory that one scoring request needs, reused: the request as a batch of one row, what was read, the model's input, the
/// answer. Belongs to one request at a time.
/// </summary>
internal sealed class ScoreCall
{
    private const int KeptBytes = 16 * 1024;
    private byte[] _texts = new byte[512];

    public ScoreCall(RequestSchema schema, Scorer scorer)
    {
        Schema = schema;
        Request = new EventBatch(schema.Source, default, capacity: 1) { Count = 1 };
        Values = new FeatureValue[scorer.Service.Reads.Length];
        Vector = new float[scorer.Service.FeatureNames.Length];
        Known = new KnownOffsets(scorer.Service);
        Contributions = new double[Vector.Length];
        Writer = new Utf8JsonWriter(Output, new JsonWriterOptions { SkipValidation = true });
        foreach (var field in schema.Fields.Where(field => field.Type == FieldType.Text))
        {
            Request.Texts(field.Column).Constants = schema.Constants;
        }

        ShareTexts();
    }

    public RequestSchema Schema { get; }

    /// <summary>The request as an event.</summary>
    public EventBatch Request { get; }

    /// <summary>The event time of the read.</summary>
    public long AtMillis { get; set; }

    /// <summary>The newest event time that the node had read before it read the entities.</summary>
    public EventTime AsOf { get; set; }

    /// <summary>Whether the node was behind its log then.</summary>
    public bool IsStale { get; set; }

    /// <summary>Since when there are events behind the features, where their windows reach further back; else none.</summary>
    public EventTime HistoryFrom { get; set; }

    /// <summary>Bit i: entity i of the service is not named by the request.</summary>
    public ulong MissingEntities { get; set; }

    /// <summary>Bit i: entity i of the service is named, but was not in memory here.</summary>
    public ulong UnreadEntities { get; set; }

    /// <summary>The entity of the service whose read had no answer, if there was one.</summary>
    public int FailedEntity { get; set; }

    /// <summary>What pins the call's reads, where its answer is to be compared with the log; else null.</summary>
    public AnswerSample? Sample { get; set; }

    /// <summary>The text that identifies the request; empty for none.</summary>
    public ReadOnlySpan<byte> Name => Schema.NameColumn < 0 ? default : Request.Texts(Schema.NameColumn)[0];

    /// <summary>What was read, by the service's slots.</summary>
    public FeatureValue[] Values { get; }

    /// <summary>What the model was given.</summary>
    public float[] Vector { get; }

    /// <summary>What the entities had applied when they were read.</summary>
    public KnownOffsets Known { get; }

    public ScoreResult Result { get; set; }

    /// <summary>How many contributions the answer is to have; 0 for none.</summary>
    public int Explain { get; set; }

    /// <summary>What each feature contributed, where that was asked for.</summary>
    public double[] Contributions { get; }

    /// <summary>The answer's bytes.</summary>
    public ReusedBuffer Output { get; } = new();

    /// <summary>Writes to <see cref="Output"/>.</summary>
    public Utf8JsonWriter Writer { get; }

    /// <summary>Bytes of texts of the request so far.</summary>
    public int TextBytes { get; set; }

    /// <summary>Where the request's texts lie.</summary>
    public Span<byte> FreeTexts => _texts.AsSpan(TextBytes);

    /// <summary>Forgets the last request and makes room for the texts of one whose JSON has this many bytes.</summary>
    public void Reset(int jsonBytes)
    {
        TextBytes = 0;
        if (_texts.Length < jsonBytes)
        {
            _texts = new byte[jsonBytes];
            ShareTexts();
        }
    }

    /// <summary>Lets go of memory that only a rare large request needs.</summary>
    public void Trim()
    {
        Output.Trim(KeptBytes);
        if (_texts.Length > KeptBytes)
        {
            _texts = new byte[KeptBytes];
            ShareTexts();
        }
    }

    /// <summary>A copy of the request: calls are reused at once.</summary>
    public EventBatch CopyRequest()
    {
        var copy = new EventBatch(Request.Source, default, capacity: 1) { Count = 1 };
        foreach (var field in Schema.Fields)
        {
            copy[field.Column]!.CopyFrom(Request[field.Column]!, 0, 1);
        }

        return copy;
    }

    private void ShareTexts()
    {
        foreach (var field in Schema.Fields)
        {
            if (field.Type == FieldType.Text)
            {
                Request.Texts(field.Column).Buffer = _texts;
            }
        }
    }
}
