using Streaming.Engine.Checkpoints;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Startup;

/// <summary>Finds the generation of derived state that an engine goes on with, or begins the first one.</summary>
internal static class Generation
{
    /// <summary>The number of the generation that answers.</summary>
    /// <param name="generations">The store's generations.</param>
    /// <param name="now">What the engine reads and writes.</param>
    /// <param name="isNew">Whether to begin a new one, which is built from the log, although there is one already.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EngineStartException">The generation was built from something else; nothing was changed.</exception>
    /// <exception cref="Persistence.Redis.SlotStoreException">The store is out of reach.</exception>
    public static async Task<long> OpenAsync(IGenerations generations, GenerationRecord now, bool isNew, CancellationToken cancellation)
    {
        var live = await generations.LiveAsync(cancellation);
        if (live is { } number && !isNew)
        {
            if (await RefusalAsync(generations, number, now, cancellation) is { } refusal)
            {
                throw new EngineStartException(
                    $"{refusal}; or start with --new-generation, which builds all features from the log again (generation {number} is " +
                    "kept in the store)");
            }

            return number;
        }

        var next = (await generations.ListAsync(cancellation)).Append(live ?? 0).Max() + 1;
        if (!await generations.CreateAsync(next, now.ToBytes(), cancellation) || !await generations.SwitchAsync(live, next, cancellation))
        {
            throw new EngineStartException("another process begins a generation in the same store: start one node after the other");
        }

        return next;
    }

    private static async Task<string?> RefusalAsync(
        IGenerations generations, long number, GenerationRecord now, CancellationToken cancellation)
    {
        if (await generations.RecordAsync(number, cancellation) is not { } bytes)
        {
            return $"generation {number} answers, and the store has no record of it: restore the store from a backup";
        }

        try
        {
            return GenerationRecord.Read(bytes.Span).Refuses(now);
        }
        catch (FormatException damage)
        {
            return damage.Message;
        }
    }
}
