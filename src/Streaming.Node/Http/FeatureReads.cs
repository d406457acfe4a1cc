using System.Text;
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>Reads all features of an entity and writes them as JSON.</summary>
internal sealed class FeatureReads(IFeatureStore store, TimeProvider clock, IAnswerSampler? sampler)
{
    /// <summary>The problem for a read that has no answer.</summary>
    /// <param name="outcome">The outcome of the read.</param>
    /// <param name="entity">What was read, for people.</param>
    /// <param name="atMillis">The read time.</param>
    /// <param name="field">The part of the request that says it.</param>
    public static Problem ProblemOf(ReadOutcome outcome, string entity, long atMillis, string? field) =>
        outcome == ReadOutcome.TooOld ? Problems.TooOld(entity, new EventTime(atMillis), field) : NodeProblems.EntityTimeout;

    /// <summary>The read time if none is given: the newest event time that the node has read.</summary>
    public long DefaultAtMillis() =>
        store.NewestEventTime is var newest && newest != EventTime.None ? newest.Millis : clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Reads one entity and writes its object.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="entity">Its type.</param>
    /// <param name="key">Its key.</param>
    /// <param name="atMillis">The read time.</param>
    /// <param name="place">Which of the request's entities it is, for people; empty for the only one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Why there is no answer; null when it is written.</returns>
    public async ValueTask<Problem?> WriteAsync(
        Utf8JsonWriter writer, EntityPlan entity, string key, long atMillis, string place, CancellationToken cancellation)
    {
        var (asOf, isStale) = (store.NewestEventTime, !store.IsCaughtUp);
        var plan = entity.AllFeatures;
        var values = new FeatureValue[plan.OutputLength];
        var utf8 = Encoding.UTF8.GetBytes(key);
        var sample = sampler?.Draw();
        sample?.Pin(plan, utf8);
        var outcome = store.TryRead(plan, utf8, atMillis, null, 0, values);
        if (outcome is not (ReadOutcome.Done or ReadOutcome.TooOld))
        {
            outcome = await store.ReadAsync(plan, utf8, atMillis, null, 0, values, cancellation);
        }

        if (outcome != ReadOutcome.Done)
        {
            return ProblemOf(outcome, entity.Name + place, atMillis, "at");
        }

        Give(sample, atMillis, values);
        writer.WriteStartObject();
        writer.WriteString("entity", entity.Name);
        writer.WriteString("key", key);
        writer.WriteString("at", new EventTime(atMillis).ToString());
        WriteTime(writer, "as_of", asOf.Millis);
        // Checked before and after: if the store fell behind meanwhile, an entity may have been read empty.
        writer.WriteBoolean("features_stale", isStale || !store.IsCaughtUp);
        if (store.HistoryFrom is var from && from != EventTime.None)
        {
            WriteTime(writer, "history_from", from.Millis);
        }

        Write(writer, entity, values);
        writer.WriteEndObject();
        return null;
    }

    private void Give(AnswerSample? sample, long atMillis, FeatureValue[] values)
    {
        sample?.Close();
        if (sample?.Skip is { } reason)
        {
            sampler!.Skip(reason);
        }
        else if (sample is not null)
        {
            sampler!.Add(new SampledAnswer(sample.Reads(atMillis, null, values), null));
        }
    }

    private static void Write(Utf8JsonWriter writer, EntityPlan entity, FeatureValue[] values)
    {
        writer.WriteStartObject("features");
        var slot = 0;
        foreach (var feature in entity.Views.SelectMany(view => view.Features))
        {
            var value = values[slot++];
            writer.WriteStartObject(feature.FullName);
            WriteValue(writer, feature.Type, value);
            writer.WriteString(
                "status", value.Status switch { FeatureStatus.Present => "present", FeatureStatus.Expired => "expired", _ => "absent" });
            WriteTime(writer, "event_time", value.EventTimeMillis);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, FieldType type, in FeatureValue value)
    {
        if (value.Text is { } text)
        {
            writer.WriteString("value", text);
        }
        else if (!double.IsFinite(value.Number))
        {
            writer.WriteNull("value");
        }
        else if (type == FieldType.Flag && value.Number is 0 or 1)
        {
            writer.WriteBoolean("value", value.Number == 1);
        }
        else if (type == FieldType.Time)
        {
            writer.WriteString("value", new EventTime((long)value.Number).ToString());
        }
        else
        {
            writer.WriteNumber("value", value.Number);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, long millis) =>
        Instants.Write(writer, JsonEncodedText.Encode(name), new EventTime(millis));
}
