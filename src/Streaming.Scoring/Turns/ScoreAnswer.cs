// Hot: writes every answer.
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.Turns;

/// <summary>Writes answers of POST /score; docs/http-api.md explains each member.</summary>
internal sealed class ScoreAnswer
{
    private static readonly JsonEncodedText s_score = JsonEncodedText.Encode("score");
    private static readonly JsonEncodedText s_decisionName = JsonEncodedText.Encode("decision");
    private static readonly JsonEncodedText s_reasons = JsonEncodedText.Encode("reasons");
    private static readonly JsonEncodedText s_model = JsonEncodedText.Encode("model");
    private static readonly JsonEncodedText s_at = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText s_asOf = JsonEncodedText.Encode("as_of");
    private static readonly JsonEncodedText s_isFallback = JsonEncodedText.Encode("fallback");
    private static readonly JsonEncodedText s_cause = JsonEncodedText.Encode("fallback_reason");
    private static readonly JsonEncodedText s_stale = JsonEncodedText.Encode("features_stale");
    private static readonly JsonEncodedText s_historyFrom = JsonEncodedText.Encode("history_from");
    private static readonly JsonEncodedText s_missing = JsonEncodedText.Encode("entities_missing");
    private readonly JsonEncodedText? _name;
    private readonly int _nameColumn;
    private readonly JsonEncodedText _model;
    private readonly JsonEncodedText[] _reasons;
    private readonly JsonEncodedText[] _entities;
    private readonly ExplanationWriter _explanation;

    public ScoreAnswer(RequestSchema schema, Scorer scorer)
    {
        _nameColumn = schema.NameColumn;
        _name = _nameColumn < 0 ? null : JsonEncodedText.Encode(schema.Fields[_nameColumn].Name);
        _model = JsonEncodedText.Encode(scorer.ModelId);
        _reasons = [.. scorer.Definition.Reasons.Select(reason => JsonEncodedText.Encode(reason.Name))];
        _entities = [.. scorer.Service.Entities.Select(entity => JsonEncodedText.Encode(entity.Plan.Entity.Name))];
        _explanation = new(scorer);
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

        writer.WriteNumber(s_score, (float)call.Result.Score);
        writer.WriteString(s_decisionName, DecisionNames.Of(call.Result.Decision));
        WriteNames(writer, s_reasons, _reasons, call.Result.Reasons);
        writer.WriteString(s_model, _model);
        Instants.Write(writer, s_at, new EventTime(call.AtMillis));
        Instants.Write(writer, s_asOf, call.AsOf);
        writer.WriteBoolean(s_isFallback, call.Result.IsFallback);
        if (call.Result.IsFallback)
        {
            writer.WriteString(s_cause, FallbackCauseNames.Of(call.Result.Cause));
        }

        writer.WriteBoolean(s_stale, call.IsStale);
        if (call.HistoryFrom != EventTime.None)
        {
            Instants.Write(writer, s_historyFrom, call.HistoryFrom);
        }

        WriteNames(writer, s_missing, _entities, call.MissingEntities);
        if (call.Explain > 0 && !call.Result.IsFallback)
        {
            _explanation.Write(call, writer);
        }

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
