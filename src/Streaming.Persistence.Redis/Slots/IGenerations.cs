namespace Streaming.Persistence.Redis.Slots;

/// <summary>The lives of the derived state: their records, and the pointer to the one that answers. Thread-safe.</summary>
public interface IGenerations
{
    /// <summary>The generation that answers; null when none was set.</summary>
    Task<long?> LiveAsync(CancellationToken cancellation);

    /// <summary>Sets the generation that answers, if it still is the one that the caller saw.</summary>
    /// <returns>False when it is another meanwhile; nothing was changed then.</returns>
    /// <exception cref="ArgumentException"><paramref name="successor"/> has no record.</exception>
    Task<bool> SwitchAsync(long? seen, long successor, CancellationToken cancellation);

    /// <summary>A generation's record, opaque to the store; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> RecordAsync(long generation, CancellationToken cancellation);

    /// <summary>Writes the record of a new generation.</summary>
    /// <returns>False when there is one already; it is left as it was.</returns>
    Task<bool> CreateAsync(long generation, ReadOnlyMemory<byte> record, CancellationToken cancellation);

    /// <summary>All generations with a record, and those whose deletion did not end, the lowest first.</summary>
    Task<IReadOnlyList<long>> ListAsync(CancellationToken cancellation);

    /// <summary>
    /// Deletes a generation: the fences first, so that nobody writes any more, then all that its slots hold, then its record. After a
    /// failure call it again.
    /// </summary>
    /// <returns>False when it is the one that answers; nothing was changed then.</returns>
    Task<bool> DeleteAsync(long generation, CancellationToken cancellation);
}
