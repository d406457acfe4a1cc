using Streaming.Engine.Checkpoints;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Startup;

/// <summary>Finds the generation of derived state that an engine goes on with, or begins the first one.</summary>
internal static class Generation
{
    /// <summary>The number of the generation that answers, or that the settings name, and its record.</summary>
    /// <param name="generations">The store's generations.</param>
    /// <param name="now">What the engine reads and writes.</param>
    /// <param name="settings">Whether to begin a new one, which is built from the log, although there is one already; or which one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EngineStartException">The generation was built from something else; nothing was changed.</exception>
    /// <exception cref="Persistence.Redis.SlotStoreException">The store is out of reach.</exception>
    public static async Task<(long Number, GenerationRecord Record)> OpenAsync(
        IGenerations generations, GenerationRecord now, EngineSettings settings, CancellationToken cancellation)
    {
        var live = await generations.LiveAsync(cancellation);
        if ((settings.Generation ?? live) is { } number && !settings.IsNewGeneration)
        {
            var (record, refusal) = await ReadAsync(generations, number, now, cancellation);
            return refusal is null
                ? (number, record!)
                : throw new EngineStartException(
                    $"{refusal}; or start with --new-generation, which builds all features from the log again (generation {number} is " +
                    "kept in the store)");
        }

        now = now with { Replaces = live };
        var next = (await generations.ListAsync(cancellation)).Append(live ?? 0).Max() + 1;
        if (!await generations.CreateAsync(next, now.ToBytes(), cancellation) || !await generations.SwitchAsync(live, next, cancellation))
        {
            throw new EngineStartException("another process begins a generation in the same store: start one node after the other");
        }

        return (next, now);
    }

    private static async Task<(GenerationRecord? Record, string? Refusal)> ReadAsync(
        IGenerations generations, long number, GenerationRecord now, CancellationToken cancellation)
    {
        if (await generations.RecordAsync(number, cancellation) is not { } bytes)
        {
            return (null, $"generation {number} answers, and the store has no record of it: restore the store from a backup");
        }

        try
        {
            var record = GenerationRecord.Read(bytes.Span);
            return (record, record.Refuses(now));
        }
        catch (FormatException damage)
        {
            return (null, damage.Message);
        }
    }
}
