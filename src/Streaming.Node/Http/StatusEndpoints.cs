using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Serving;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Http;

/// <summary>GET /health/live, /health/ready, /status and the page at /.</summary>
internal sealed class StatusEndpoints(
    NodeParts parts, ModelSlots models, NodeSettings settings, NodeMetrics metrics, RecentScores recent)
{
    private readonly IFeatureStore _store = parts.Store;
    private readonly IEngineStatus _engine = parts.Engine;
    private readonly TimeProvider _clock = parts.Clock;
    private readonly long _startedTicks = parts.Clock.GetTimestamp();
    private readonly byte[] _page = ReadPage();

    /// <summary>The process answers and its engine runs; an engine that has lost a part does not recover it.</summary>
    public Task LiveAsync(HttpContext context) => _engine.Fault is { } fault
        ? NodeProblems.EngineGone(fault).WriteAsync(context)
        : WriteAsync(context, new HealthBody("live"), NodeJson.Default.HealthBody);

    /// <summary>
    /// Ready means that everything the log held at the start is in memory and compacted. A later outage is a notice: the node still
    /// answers, and says how old its answers are.
    /// </summary>
    public Task ReadyAsync(HttpContext context) =>
        _engine.Fault is { } fault ? NodeProblems.EngineGone(fault).WriteAsync(context) : parts.IsReady
        ? WriteAsync(context, Ready(), NodeJson.Default.HealthBody)
        : NodeProblems.CatchingUp(WritePartitions).WriteAsync(context);

    /// <summary>Figures for the page; totals, of which the page makes rates.</summary>
    public Task StatusAsync(HttpContext context) => WriteAsync(context, Status(), NodeJson.Default.StatusBody);

    /// <summary>The page.</summary>
    public async Task PageAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = _page.Length;
        context.Response.Headers.ContentSecurityPolicy = PageHeaders.StatusPage;
        await context.Response.BodyWriter.WriteAsync(_page, context.RequestAborted);
    }

    private StatusBody Status() => new(
        NodeVersion.Current,
        _store.IsCaughtUp,
        _store.NewestEventTime == EventTime.None ? null : _store.NewestEventTime.ToString(),
        _clock.GetElapsedTime(_startedTicks).TotalSeconds,
        BodyOf(models.Champion.Active.Scorer),
        metrics.Scores,
        !settings.Score.Log || parts.Scores is null ? null : new ScoreEventsBody(metrics.ScoreEvents, metrics.DroppedScoreEvents),
        _engine.Partitions.Sum(partition => partition.Applied),
        Partitions(),
        [.. _engine.Entities.Select(entity => new EntityBody(entity.Entity, entity.Count, entity.StateBytes))],
        BodyOf(_engine.Memory),
        CheckpointBody.Of(_engine.Shards),
        _engine.StoreFault,
        LogBody.Of(parts.Log()),
        recent.ToList());

    private static ModelBody BodyOf(Scorer scorer) => new(scorer.ModelId, scorer.Service.Name, scorer.Fallbacks, scorer.Fault);

    private static MemoryBody BodyOf(EntityMemory memory) => new(
        memory.Entities,
        memory.EntitiesMax,
        memory.Bytes,
        memory.BytesMax,
        memory.Left,
        memory.Recalled,
        memory.Forgotten,
        memory.WaitingSources);

    private HealthBody Ready()
    {
        NoticeBody[] notices = [.. _engine.Partitions.SelectMany(PartitionBodies.Notices)];
        return new("ready") { Notices = notices.Length > 0 ? notices : null, StoreFault = _engine.StoreFault };
    }

    private PartitionBody[] Partitions() => [.. _engine.Partitions.Select(partition => PartitionBodies.Of(partition, _clock))];

    private void WritePartitions(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("partitions");
        JsonSerializer.Serialize(writer, Partitions(), NodeJson.Default.PartitionBodyArray);
    }

    private static async Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, body, type, context.RequestAborted);
    }

    private static byte[] ReadPage()
    {
        using var stream = typeof(StatusEndpoints).Assembly.GetManifestResourceStream("index.html")
            ?? throw new InvalidOperationException("index.html is not embedded; see EmbeddedResource of Streaming.Node.csproj");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
