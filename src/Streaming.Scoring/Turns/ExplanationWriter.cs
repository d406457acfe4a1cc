// Hot: writes every explanation.
using System.Text.Json;
using Streaming.Scoring.Contributions;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.Turns;

/// <summary>Writes the member <c>explanation</c> of an answer: the largest contributions, with what they add up to.</summary>
internal sealed class ExplanationWriter
{
    private static readonly JsonEncodedText s_explanation = JsonEncodedText.Encode("explanation");
    private static readonly JsonEncodedText s_method = JsonEncodedText.Encode("method");
    private static readonly JsonEncodedText s_why = JsonEncodedText.Encode("why");
    private static readonly JsonEncodedText s_unit = JsonEncodedText.Encode("unit");
    private static readonly JsonEncodedText s_base = JsonEncodedText.Encode("base");
    private static readonly JsonEncodedText s_margin = JsonEncodedText.Encode("margin");
    private static readonly JsonEncodedText s_others = JsonEncodedText.Encode("others");
    private static readonly JsonEncodedText s_contributions = JsonEncodedText.Encode("contributions");
    private static readonly JsonEncodedText s_code = JsonEncodedText.Encode("code");
    private static readonly JsonEncodedText s_feature = JsonEncodedText.Encode("feature");
    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText s_contribution = JsonEncodedText.Encode("contribution");
    private static readonly JsonEncodedText s_text = JsonEncodedText.Encode("text");
    private readonly ScoreContributions? _contributions;
    private readonly JsonEncodedText _methodName;
    private readonly JsonEncodedText _unitName;
    private readonly JsonEncodedText _fault;
    private readonly JsonEncodedText[] _names;
    private readonly JsonEncodedText[] _codes;
    private readonly JsonEncodedText[] _texts;

    public ExplanationWriter(Scorer scorer)
    {
        _contributions = scorer.Contributions;
        _methodName = JsonEncodedText.Encode(
            _contributions is null ? "none" : _contributions.Method == ContributionMethod.TreeShap ? "tree_shap" : "linear");
        _unitName = JsonEncodedText.Encode(_contributions?.Unit == ContributionUnit.LogOdds ? "log_odds" : "score");
        _fault = JsonEncodedText.Encode(scorer.ContributionsFault ?? "");
        var (names, texts) = (scorer.Service.FeatureNames, scorer.Definition.Explain.Texts);
        _names = [.. names.Select(name => JsonEncodedText.Encode(name))];
        _codes = [.. names.Select(name => JsonEncodedText.Encode(texts.TryGetValue(name, out var text) ? text.Code : name))];
        _texts = [.. names.Select(name => JsonEncodedText.Encode(texts.TryGetValue(name, out var text) ? text.Text : name))];
    }

    /// <summary>Writes the member; uses up the call's contributions.</summary>
    public void Write(ScoreCall call, Utf8JsonWriter writer)
    {
        writer.WriteStartObject(s_explanation);
        writer.WriteString(s_method, _methodName);
        if (_contributions is null)
        {
            writer.WriteString(s_why, _fault);
        }
        else
        {
            Write(_contributions, call, writer);
        }

        writer.WriteEndObject();
    }

    private void Write(ScoreContributions contributions, ScoreCall call, Utf8JsonWriter writer)
    {
        var sum = 0.0;
        foreach (var contribution in call.Contributions)
        {
            sum += contribution;
        }

        writer.WriteString(s_unit, _unitName);
        writer.WriteNumber(s_base, contributions.Base);
        writer.WriteNumber(s_margin, contributions.Base + sum);
        writer.WriteStartArray(s_contributions);
        for (var i = 0; i < call.Explain && LargestOf(call.Contributions) is var at and >= 0; i++)
        {
            WriteOne(at, call.Contributions[at], call.Vector[at], writer);
            sum -= call.Contributions[at];
            call.Contributions[at] = 0;
        }

        writer.WriteEndArray();
        writer.WriteNumber(s_others, sum);
    }

    private void WriteOne(int at, double contribution, float value, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString(s_code, _codes[at]);
        writer.WriteString(s_feature, _names[at]);
        if (float.IsNaN(value))
        {
            writer.WriteNull(s_value);
        }
        else
        {
            writer.WriteNumber(s_value, value);
        }

        writer.WriteNumber(s_contribution, contribution);
        writer.WriteString(s_text, _texts[at]);
        writer.WriteEndObject();
    }

    // Of equal ones the first; -1 where all are 0.
    private static int LargestOf(double[] contributions)
    {
        var (largest, at) = (0.0, -1);
        for (var i = 0; i < contributions.Length; i++)
        {
            if (Math.Abs(contributions[i]) > largest)
            {
                (largest, at) = (Math.Abs(contributions[i]), i);
            }
        }

        return at;
    }
}
