using System.Collections.Immutable;
using Akka.Configuration;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Remoting;
using Streaming.Engine.Sources;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;

namespace Streaming.Engine.Startup;

/// <summary>What an engine needs before it starts. A check that fails throws <see cref="EngineStartException"/>.</summary>
internal static class StartRequirements
{
    /// <summary>There is something to compute, and each topic has a number of partitions.</summary>
    public static void Topics(EngineSettings settings, ImmutableArray<SourcePlan> plans)
    {
        if (plans.IsEmpty)
        {
            throw new EngineStartException("no feature view is declared, so there is nothing to compute; write one to schemas/features");
        }

        var missing = plans.Select(plan => plan.Source.Name)
            .Append(EventSchemas.DeadLetters)
            .Where(topic => !settings.Partitions.ContainsKey(topic));
        if (string.Join(", ", missing) is { Length: > 0 } topics)
        {
            throw new EngineStartException($"streaming.engine.partitions does not say how many partitions {topics} has; add it");
        }
    }

    /// <summary>Other nodes reach this one only as the settings allow.</summary>
    public static void SafeRemoting(EngineSettings settings, Config config)
    {
        var faults = RemotingRules.Faults(settings.Remoting, config).Select(fault => $"{fault.Key} {fault.Fault}");
        if (string.Join("; ", faults) is { Length: > 0 } text)
        {
            throw new EngineStartException(text);
        }
    }

    /// <summary>The registry takes the schema of dead letters, or cannot be reached yet.</summary>
    public static async Task DeadLettersAsync(DeadLetterWriter deadLetters, CancellationToken cancellation)
    {
        var prepared = await deadLetters.PrepareAsync(cancellation);
        if (prepared is not RegistryResult<int>.Unavailable && ShippedSchemas.ReasonOf(prepared) is { } refusal)
        {
            throw new EngineStartException($"the schema of dead letters could not be registered: {refusal}");
        }
    }
}
