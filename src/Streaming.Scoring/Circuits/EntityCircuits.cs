using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Streaming.Features.State;

namespace Streaming.Scoring.Circuits;

/// <summary>
/// A circuit for each entity type around the reads that leave this thread's memory: those that ask an entity, here or on another node.
/// Entities at hand are read without it. Thread-safe.
/// </summary>
/// <param name="settings">When circuits open.</param>
/// <param name="clock">The clock.</param>
/// <param name="changed">Called when a circuit opens, half-opens or closes, with the entity type and the state.</param>
public sealed class EntityCircuits(CircuitSettings settings, TimeProvider clock, Action<string, string> changed)
{
    private readonly ConcurrentDictionary<string, (ResiliencePipeline Pipeline, CircuitBreakerStateProvider State)> _circuits = new();

    /// <summary>The entity types that were asked, and whether their circuits are not closed.</summary>
    public IEnumerable<(string Entity, bool IsOpen)> All =>
        _circuits.Select(static circuit => (circuit.Key, circuit.Value.State.CircuitState != CircuitState.Closed));

    /// <summary>Asks an entity.</summary>
    /// <param name="entity">Its type.</param>
    /// <param name="read">What to ask.</param>
    /// <param name="cancellation">Ends the wait; it is no failure of the entity.</param>
    /// <returns>What was read, or why nothing was.</returns>
    internal async Task<EntityAnswer> AskAsync(
        string entity, Func<CancellationToken, ValueTask<ReadOutcome>> read, CancellationToken cancellation)
    {
        try
        {
            var outcome = await _circuits.GetOrAdd(entity, Build).Pipeline
                .ExecuteAsync(static (ask, stop) => ask(stop), read, cancellation).ConfigureAwait(false);
            return new(outcome, outcome is ReadOutcome.Done or ReadOutcome.TooOld ? FallbackCause.None : FallbackCause.EntityFailed);
        }
        catch (BrokenCircuitException)
        {
            return new(ReadOutcome.NotHere, FallbackCause.EntityOpen);
        }
        catch (TimeoutException)
        {
            return new(ReadOutcome.NotHere, FallbackCause.EntityTimeout);
        }
#pragma warning disable CA1031 // Whatever an entity, or its node, fails with, the request has a declared answer.
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            return new(ReadOutcome.NotHere, FallbackCause.EntityFailed);
        }
    }

    private (ResiliencePipeline Pipeline, CircuitBreakerStateProvider State) Build(string entity)
    {
        var state = new CircuitBreakerStateProvider();
        ValueTask Tell(string word)
        {
            changed(entity, word);
            return ValueTask.CompletedTask;
        }

        var pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = settings.FailureRatio,
            MinimumThroughput = settings.MinimumCalls,
            SamplingDuration = settings.Window,
            BreakDuration = settings.Break,
            StateProvider = state,
            OnOpened = _ => Tell("open"),
            OnHalfOpened = _ => Tell("half open"),
            OnClosed = _ => Tell("closed"),
        }).Build();
        return (pipeline, state);
    }
}
