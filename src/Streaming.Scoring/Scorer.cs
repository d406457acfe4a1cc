// Hot: Score runs once per request.
using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Scoring.Contributions;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Models;

namespace Streaming.Scoring;

/// <summary>
/// One model with its feature service: from what was read to a score, a decision and its reasons. If the model is missing or
/// fails, the declared fallback answers. Thread-safe; a call allocates nothing unless the model throws.
/// </summary>
public sealed class Scorer : IDisposable
{
    private readonly IScoringModel? _model;
    private readonly Expression[] _reasons;
    private long _failures;
    private string? _fault;

    /// <param name="definition">The model as declared.</param>
    /// <param name="service">Its feature service.</param>
    /// <param name="model">The model; null when it could not be loaded.</param>
    /// <param name="fault">Why it is null.</param>
    public Scorer(ModelDefinition definition, ServicePlan service, IScoringModel? model, string? fault = null)
    {
        Definition = definition;
        Service = service;
        _model = model;
        _fault = fault;
        _reasons = [.. definition.Reasons.Select(reason => reason.Condition)];
        ModelId = model is null ? definition.Name : $"{definition.Name}@{model.Version}";
    }

    /// <summary>The model as declared.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>Its feature service.</summary>
    public ServicePlan Service { get; }

    /// <summary><c>name@version</c>; the name alone while there is no model.</summary>
    public string ModelId { get; }

    /// <summary>Whether there is a model; else the fallback answers.</summary>
    internal bool HasModel => _model is not null;

    /// <summary>How each feature, and last the score, was distributed in training; empty where that is not known.</summary>
    public ImmutableArray<BaselineHistogram> Baseline => _model?.Baseline ?? [];

    /// <summary>What each feature contributes to a score; null where there is no exact method for the model.</summary>
    public ScoreContributions? Contributions => _model?.Contributions;

    /// <summary>Why there are no contributions; null where there are.</summary>
    public string? ContributionsFault => _model is null ? Fault ?? "there is no model" : _model.ContributionsFault;

    /// <summary>Why the last answer was a fallback; null if the model answered. <see cref="Fallbacks"/> counts past ones.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>How often the model failed, or was not there, when it was asked.</summary>
    public long Fallbacks => Interlocked.Read(ref _failures);

    /// <summary>Loads a model. An unusable file is not an error here: the fallback answers, and <see cref="Fault"/> says why.</summary>
    /// <exception cref="ArgumentException">The catalog has no such service; it is not the one that the definition was read
    /// with.</exception>
    public static Scorer Load(ModelDefinition definition, FeatureCatalog catalog)
    {
        var service = catalog.FindService(definition.Service)
            ?? throw new ArgumentException($"the catalog has no feature service \"{definition.Service}\"", nameof(catalog));
        return Load(definition, service);
    }

    /// <summary>As <see cref="Load(ModelDefinition, FeatureCatalog)"/>, with the feature service that the definition names.</summary>
    public static Scorer Load(ModelDefinition definition, ServicePlan service)
    {
        try
        {
            return new(definition, service, OnnxScoringModel.Load(definition.File, service.FeatureNames, definition.Mapping));
        }
        catch (Exception e) when (e is ModelException or IOException or UnauthorizedAccessException)
        {
            return new(definition, service, null, e.Message);
        }
    }

    /// <summary>Scores one request.</summary>
    /// <param name="request">The request as an event of the service's request source; may be null if the service has none.</param>
    /// <param name="row">Its row.</param>
    /// <param name="values">What was read, by the service's slots.</param>
    /// <param name="vector">Receives what the model was given: at least as many floats as the service has features.</param>
    public ScoreResult Score(EventBatch? request, int row, ReadOnlySpan<FeatureValue> values, Span<float> vector)
    {
        vector = vector[..Service.FeatureNames.Length];
        Service.Assemble(values, request, row, vector);
        if (!TryScoreVector(vector, out var score))
        {
            var fallback = FallBack(request, row, _model is null ? FallbackCause.ModelMissing : FallbackCause.ModelFailed);
            return fallback with { Reasons = Reasons(fallback.Decision, request, row, values) };
        }

        var decision = Definition.Thresholds.Decide(score);
        return new(score, decision, Reasons(decision, request, row, values), IsFallback: false);
    }

    /// <summary>What is declared to be answered in place of the model: the first rule that holds, else the fallback; no reasons.</summary>
    /// <param name="request">The request; may be null if the service has none.</param>
    /// <param name="row">Its row.</param>
    /// <param name="cause">Why.</param>
    public ScoreResult FallBack(EventBatch? request, int row, FallbackCause cause)
    {
        var rules = Definition.FallbackRules;
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].Condition.Evaluate(new ExpressionContext(request!, row)) == 1)
            {
                return new(rules[i].Score, rules[i].Decision, Reasons: 0, IsFallback: true) { Cause = cause };
            }
        }

        return new(Definition.Fallback.Score, Definition.Fallback.Decision, Reasons: 0, IsFallback: true) { Cause = cause };
    }

    /// <summary>Scores a vector that was put together already; the result has no reasons.</summary>
    /// <param name="vector">As many floats as the service has features.</param>
    public ScoreResult Score(ReadOnlySpan<float> vector) => TryScoreVector(vector, out var score)
        ? new(score, Definition.Thresholds.Decide(score), Reasons: 0, IsFallback: false)
        : new(Definition.Fallback.Score, Definition.Fallback.Decision, Reasons: 0, IsFallback: true) { Cause = FallbackCause.ModelFailed };

    /// <summary>Asks the model once, so that its first request does not wait for what a session builds at its first run.</summary>
    /// <returns>Why it cannot answer; null if it can.</returns>
    internal string? WarmUp()
    {
        try
        {
            _model?.Score(new float[Service.FeatureNames.Length]);
            return _model is null ? Fault : null;
        }
#pragma warning disable CA1031 // Whatever a model throws, it is not put into use.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.Message;
        }
    }

    /// <summary>The model's score of a vector, such as one that was logged; false where the fallback would answer.</summary>
    /// <param name="vector">As many numbers as the service has features; NaN is a missing value.</param>
    /// <param name="score">From 0 to 1.</param>
    public bool TryScoreVector(ReadOnlySpan<float> vector, out double score)
    {
        score = double.NaN;
        try
        {
            score = _model?.Score(vector) ?? double.NaN;
        }
#pragma warning disable CA1031 // Whatever a model throws, the request has a declared answer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _fault, e.Message);
        }

        if (score is >= 0 and <= 1)
        {
            if (Volatile.Read(ref _fault) is not null)
            {
                Volatile.Write(ref _fault, null);
            }

            return true;
        }

        NoteFallback(score);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => (_model as IDisposable)?.Dispose();

    private void NoteFallback(double score)
    {
        Interlocked.Increment(ref _failures);
        if (_model is not null && !double.IsNaN(score))
        {
            Volatile.Write(ref _fault, $"the model {ModelId} answered a score outside 0 to 1");
        }
        else if (Volatile.Read(ref _fault) is null)
        {
            Volatile.Write(ref _fault, $"the model {ModelId} answered no number");
        }
    }

    private ulong Reasons(Decision decision, EventBatch? request, int row, ReadOnlySpan<FeatureValue> values)
    {
        if (decision == Decision.Approve || _reasons.Length == 0)
        {
            return 0;
        }

        Span<double> numbers = stackalloc double[Service.Reads.Length];
        for (var slot = 0; slot < numbers.Length; slot++)
        {
            numbers[slot] = Service.ValueOrDefault(slot, values[slot]);
        }

        var context = new ExpressionContext(request!, row, numbers);
        var held = 0UL;
        for (var i = 0; i < _reasons.Length; i++)
        {
            held |= _reasons[i].Evaluate(context) == 1 ? 1UL << i : 0;
        }

        return held;
    }
}
