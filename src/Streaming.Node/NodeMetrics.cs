// Hot: Scored runs once per score.
using Prometheus;
using Streaming.Scoring;
using Streaming.Scoring.ScoreLogs;
using Streaming.Scoring.Serving;

namespace Streaming.Node;

/// <summary>Every metric of the node: names, units and labels. Figures of the engine are read at each scrape.</summary>
internal sealed class NodeMetrics : IScoreLogMetrics
{
    private readonly Counter.Child[] _scores;
    private readonly Histogram _scoreSeconds;
    private readonly Counter.Child[] _fallbacks;
    private readonly Counter _scoreEvents;
    private readonly Counter _scoreEventsDropped;
    private readonly Counter _eventsReceived;
    private readonly Counter _problems;
    private readonly Counter _swaps;
    private readonly Counter _rollbacks;
    private readonly Gauge _info;

    public NodeMetrics(CollectorRegistry registry, NodeParts parts)
    {
        Registry = registry;
        var metrics = Prometheus.Metrics.WithCustomRegistry(registry);
        var scores = metrics.CreateCounter("streaming_scores_total", "Answers of POST /score and /score/batch.", ["decision"]);
        _scores = [.. Enum.GetValues<Decision>().Select(decision => scores.WithLabels(decision.ToString().ToLowerInvariant()))];
        _scoreSeconds = metrics.CreateHistogram(
            "streaming_score_seconds",
            "From a request's bytes to its answer's bytes, network not included.",
            new HistogramConfiguration
            {
                Buckets = [5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.5, 1],
            });
        var fallbacks = metrics.CreateCounter("streaming_score_fallbacks_total", "Answers that were the declared fallback.", ["cause"]);
        _fallbacks = [.. Enum.GetValues<FallbackCause>().Select(cause => fallbacks.WithLabels(FallbackCauseNames.Of(cause).Value))];
        fallbacks.RemoveLabelled(FallbackCauseNames.Of(FallbackCause.None).Value);
        _scoreEvents = metrics.CreateCounter("streaming_score_events_total", "Answers written to the topic scores.");
        _scoreEventsDropped = metrics.CreateCounter(
            "streaming_score_events_dropped_total",
            "Answers not written to the topic scores, because the log did not take them in time.");
        _eventsReceived = metrics.CreateCounter(
            "streaming_events_received_total", "Events that POST /events appended to the log.", ["topic"]);
        _problems = metrics.CreateCounter(
            "streaming_http_problems_total", "Requests that were answered with problem details.", ["problem", "status"]);
        _swaps = metrics.CreateCounter("streaming_model_swaps_total", "How often another version of a model took over.", ["model"]);
        _rollbacks = metrics.CreateCounter(
            "streaming_model_rollbacks_total", "How often a version that was swapped in failed its watch and was taken back.", ["model"]);
        _info = metrics.CreateGauge(
            "streaming_node_info",
            "Always 1; the labels show the version of the program and of the champion.",
            ["version", "model", "service"]);
        EngineMetrics.Register(metrics, registry, parts);
        RuntimeMetrics.Register(metrics, registry);
    }

    public CollectorRegistry Registry { get; }

    public void Scored(in ScoreResult result, TimeSpan latency)
    {
        _scores[(int)result.Decision].Inc();
        _scoreSeconds.Observe(latency.TotalSeconds);
        if (result.IsFallback)
        {
            _fallbacks[(int)result.Cause].Inc();
        }
    }

    /// <summary>Which program and which champion this is, as labels of a metric that is 1.</summary>
    public void ShowModel(ModelSlot champion, ServedModel? before)
    {
        if (before is not null)
        {
            _info.RemoveLabelled(LabelsOf(before.Scorer));
        }

        _info.WithLabels(LabelsOf(champion.Active.Scorer)).Set(1);
    }

    /// <summary>Another version of a model took over.</summary>
    public void Swapped(string model) => _swaps.WithLabels(model).Inc();

    /// <summary>A version was taken back.</summary>
    public void RolledBack(string model) => _rollbacks.WithLabels(model).Inc();

    public void ScoreEventsLogged(int count) => _scoreEvents.Inc(count);

    public void ScoreEventsDropped(int count) => _scoreEventsDropped.Inc(count);

    public void EventsReceived(string topic, int count) => _eventsReceived.WithLabels(topic).Inc(count);

    public void Problem(string problem, string status) => _problems.WithLabels(problem, status).Inc();

    /// <summary>Answers written to the topic scores so far.</summary>
    public double ScoreEvents => _scoreEvents.Value;

    /// <summary>Answers that could not be written there.</summary>
    public double DroppedScoreEvents => _scoreEventsDropped.Value;

    /// <summary>Answers so far, for rates.</summary>
    public double Scores => _scores.Sum(score => score.Value);

    private static string[] LabelsOf(Scorer scorer) => [NodeVersion.Current, scorer.ModelId, scorer.Service.Name];
}
