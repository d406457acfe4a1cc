using Prometheus;
using Streaming.Scoring;
using Streaming.Scoring.Circuits;
using Streaming.Scoring.Serving;

namespace Streaming.Node;

/// <summary>The figures of each version of each model, and of challengers beside their champions, read at each scrape.</summary>
internal sealed class ModelMetrics
{
    private readonly ModelSlots _models;
    private readonly EntityCircuits _entities;
    private readonly Gauge _circuits;
    private readonly Counter _opened;
    private readonly Counter _answers;
    private readonly Counter _fallbacks;
    private readonly Counter _compared;
    private readonly Counter _disagreements;
    private readonly Counter _differences;
    private readonly Gauge _largest;
    private readonly Counter _failed;
    private readonly Counter _dropped;

    private ModelMetrics(IMetricFactory metrics, ModelSlots models, EntityCircuits entities)
    {
        (_models, _entities) = (models, entities);
        _circuits = metrics.CreateGauge(
            "streaming_circuit_open", "1 while what failed too often is not asked, but for probes, and fallbacks answer.", ["circuit"]);
        string[] version = ["model", "version"];
        _opened = metrics.CreateCounter("streaming_model_circuit_opened_total", "How often a version's circuit opened.", version);
        _answers = metrics.CreateCounter("streaming_model_answers_total", "Answers of a version, fallbacks included.", version);
        _fallbacks = metrics.CreateCounter("streaming_model_fallbacks_total", "Answers that were a version's fallback.", version);
        _compared = metrics.CreateCounter("streaming_shadow_scores_total", "Requests that a challenger scored, too.", version);
        _disagreements = metrics.CreateCounter(
            "streaming_shadow_disagreements_total",
            "Requests on which a challenger decided otherwise.",
            [.. version, "champion", "challenger"]);
        _differences = metrics.CreateCounter(
            "streaming_shadow_score_difference_sum", "Sum of the distances of a challenger's scores to its champion's.", version);
        _largest = metrics.CreateGauge("streaming_shadow_score_difference_max", "The largest of these distances.", version);
        _failed = metrics.CreateCounter("streaming_shadow_failures_total", "Requests that a challenger could not score.", version);
        _dropped = metrics.CreateCounter(
            "streaming_shadow_dropped_total", "Requests drawn for a challenger and not scored, because the queue was full.", ["model"]);
    }

    /// <summary>Adds the metrics.</summary>
    public static void Register(CollectorRegistry registry, ModelSlots models, EntityCircuits entities)
    {
        var metrics = new ModelMetrics(Metrics.WithCustomRegistry(registry), models, entities);
        registry.AddBeforeCollectCallback(metrics.Update);
    }

    private void Update()
    {
        foreach (var (entity, isOpen) in _entities.All)
        {
            _circuits.WithLabels($"entity/{entity}").Set(isOpen ? 1 : 0);
        }

        foreach (var slot in _models.All)
        {
            var active = slot.Active;
            string[] version = [slot.Name, VersionOf(active.Scorer)];
            _answers.WithLabels(version).IncTo(active.Counts.Answers);
            _fallbacks.WithLabels(version).IncTo(active.Counts.Fallbacks);
            _circuits.WithLabels($"model/{slot.Name}").Set(active.Circuit is { IsOpen: true } ? 1 : 0);
            _opened.WithLabels(version).IncTo(active.Circuit?.Opened ?? 0);
            foreach (var challenger in slot.Challengers)
            {
                Update(challenger);
            }
        }
    }

    private void Update(Challenger challenger)
    {
        var active = challenger.Slot.Active;
        string[] version = [challenger.Slot.Name, VersionOf(active.Scorer)];
        _compared.WithLabels(version).IncTo(active.Shadow.Compared);
        _differences.WithLabels(version).IncTo(active.Shadow.SumOfDifferences);
        _largest.WithLabels(version).Set(active.Shadow.LargestDifference);
        _failed.WithLabels(version).IncTo(active.Shadow.Failed);
        _dropped.WithLabels(challenger.Slot.Name).IncTo(challenger.Dropped);
        foreach (var champion in Enum.GetValues<Decision>())
        {
            foreach (var other in Enum.GetValues<Decision>().Where(other => other != champion))
            {
                _disagreements.WithLabels([.. version, DecisionNames.Of(champion).Value, DecisionNames.Of(other).Value])
                    .IncTo(active.Shadow.Pairs(champion, other));
            }
        }
    }

    private static string VersionOf(Scorer scorer) => scorer.ModelId[(scorer.ModelId.LastIndexOf('@') + 1)..];
}
