using Streaming.Features.Events;

namespace Streaming.Offline.Backfill;

/// <summary>
/// The entity keys of some rows: whole numbers where the file stores them so, which saves writing each as text, or texts. A whole number
/// and the text of its digits are the same key.
/// </summary>
public sealed class KeyColumn
{
    /// <summary>Keys that are whole numbers; null where they are texts.</summary>
    public long[]? Integers { get; init; }

    /// <summary>Keys that are texts; null where they are whole numbers.</summary>
    public TextColumn? Texts { get; init; }

    /// <summary>The number of a row's key; -1 when it has none.</summary>
    internal int NumberOf(EntityKeys keys, int row) =>
        Integers is not null ? keys.NumberOf(Integers[row])
        : Texts![row].IsEmpty ? -1
        : keys.NumberOf(Texts[row]);
}
