// Hot: writes every answer.
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.Turns;

/// <summary>Writes answers of POST /score; docs/http-api.md explains each member.</summary>
internal sealed class ScoreAnswer
{
    private static readonly JsonEncodedText Score = JsonEncodedText.Encode("score");
    private static readonly JsonEncodedText DecisionName = JsonEncodedText.Encode("decision");
    private static readonly JsonEncodedText Reasons = JsonEncodedText.Encode("reasons");
    private static readonly JsonEncodedText Model = JsonEncodedText.Encode("model");
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText AsOf = JsonEncodedText.Encode("as_of");
    private static readonly JsonEncodedText IsFallback = JsonEncodedText.Encode("fallback");
    private static readonly JsonEncodedText Stale = JsonEncodedText.Encode("features_stale");
    private static readonly JsonEncodedText Missing = JsonEncodedText.Encode("entities_missing");
    private readonly JsonEncodedText? _name;
    private readonly int _nameColumn;
    private readonly JsonEncodedText _model;
    private readonly JsonEncodedText[] _reasons;
    private readonly JsonEncodedText[] _entities;

    public ScoreAnswer(RequestSchema schema, Scorer scorer)
    {
        _nameColumn = schema.NameColumn;
        _name = _nameColumn < 0 ? null : JsonEncodedText.Encode(schema.Fields[_nameColumn].Name);
        _model = JsonEncodedText.Encode(scorer.ModelId);
        _reasons = [.. scorer.Definition.Reasons.Select(reason => JsonEncodedText.Encode(reason.Name))];
        _entities = [.. scorer.Service.Entities.Select(entity => JsonEncodedText.Encode(entity.Plan.Entity.Name))];
    }

    /// <summary>Replaces the call's output by its answer.</summary>
    public void Write(ScoreCall call)
    {
        call.Output.Clear();
        var writer = call.Writer;
        writer.Reset();
        Write(call, writer);
        writer.Flush();
    }

    private void Write(ScoreCall call, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (_name is { } name)
        {
            writer.WriteString(name, call.Request.Texts(_nameColumn)[0]);
        }

        writer.WriteNumber(Score, (float)call.Result.Score);
        writer.WriteString(DecisionName, DecisionNames.Of(call.Result.Decision));
        WriteNames(writer, Reasons, _reasons, call.Result.Reasons);
        writer.WriteString(Model, _model);
        Instants.Write(writer, At, new EventTime(call.AtMillis));
        Instants.Write(writer, AsOf, call.AsOf);
        writer.WriteBoolean(IsFallback, call.Result.IsFallback);
        writer.WriteBoolean(Stale, call.IsStale);
        WriteNames(writer, Missing, _entities, call.MissingEntities);
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, JsonEncodedText member, JsonEncodedText[] names, ulong bits)
    {
        writer.WriteStartArray(member);
        for (var i = 0; bits != 0; i++, bits >>= 1)
        {
            if ((bits & 1) != 0)
            {
                writer.WriteStringValue(names[i]);
            }
        }

        writer.WriteEndArray();
    }
}
