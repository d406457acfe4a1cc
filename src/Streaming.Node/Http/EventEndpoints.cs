using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Engine;
using Streaming.Ingest;
using Streaming.Node.Settings;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>POST /events/{topic}.</summary>
internal sealed class EventEndpoints(
    IEventIntake intake, EventSettings settings, NodeMetrics metrics, TimeProvider clock, IEngineStatus engine)
{
    /// <summary>Appends one event or an array of them.</summary>
    public async Task PostAsync(HttpContext context)
    {
        var topic = (string)context.Request.RouteValues["topic"]!;
        if (!intake.Topics.Contains(topic))
        {
            await Problems.UnknownTopic(topic, intake.Topics).WriteAsync(context);
            return;
        }

        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var body = await HttpBody.ReadArrayAsync(context);
        var problem = engine.Fault is { } fault
            ? NodeProblems.EngineGone(fault)
            : QueryParameters.Unknown(context.Request) ?? TrySplit(body, out var events) ?? await AppendAsync(context, topic, events);
        await (problem?.WriteAsync(context) ?? Task.CompletedTask);
    }

    private async Task<Problem?> AppendAsync(HttpContext context, string topic, List<ReadOnlyMemory<byte>> events)
    {
        using var timeout = new CancellationTokenSource(settings.AppendTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            switch (await intake.AppendAsync(topic, events, either.Token))
            {
                case IntakeResult.Appended appended:
                    metrics.EventsReceived(topic, events.Count);
                    await WriteAsync(context, topic, appended.Events);
                    return null;
                case IntakeResult.Invalid invalid:
                    return Problems.InvalidEvents(invalid.Faults);
                case IntakeResult.Unavailable unavailable:
                    return NodeProblems.LogUnavailable(unavailable.Reason);
                default:
                    return NodeProblems.Internal;
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return NodeProblems.LogUnavailable(
                "The event log did not answer within streaming.events.append-timeout; it may hold the events, and events that are sent " +
                "again count again.");
        }
    }

    /// <summary>Cuts an array into its events without reading into them.</summary>
    private Problem? TrySplit(byte[] body, out List<ReadOnlyMemory<byte>> events)
    {
        events = [];
        if (body.Length == 0)
        {
            return Problems.EmptyBody;
        }

        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 16 });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                events.Add(Next(ref reader, body));
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    events.Add(Next(ref reader, body));
                }
            }
            else
            {
                return Problems.WrongShape("Expected one event as an object, or an array of them.");
            }

            // Throws if anything follows it.
            reader.Read();
        }
        catch (JsonException e)
        {
            return Problems.Of(RequestFaults.Malformed(e));
        }

        return events.Count <= settings.BatchLimit
            ? null
            : Problems.TooMany(events.Count, settings.BatchLimit, "events", "streaming.events.batch-limit");
    }

    private static ReadOnlyMemory<byte> Next(ref Utf8JsonReader reader, byte[] body)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return body.AsMemory(start, (int)reader.BytesConsumed - start);
    }

    private static async Task WriteAsync(HttpContext context, string topic, ImmutableArray<AppendedEvent> events)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("topic", topic);
        writer.WriteStartArray("events");
        foreach (var one in events)
        {
            writer.WriteStartObject();
            writer.WriteNumber("partition", one.Partition);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
