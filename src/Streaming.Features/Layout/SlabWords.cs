namespace Streaming.Features.Layout;

/// <summary>
/// The first words of a view's slab. Behind them come each window's cursor (two words), totals, and what evicted events left; then
/// the columns: event times, perhaps log order, and the inputs, each with room for <see cref="Capacity"/> values.
/// </summary>
internal static class SlabWords
{
    /// <summary>Where the oldest stored event is in each column.</summary>
    public const int Head = 0;

    /// <summary>How many events are stored.</summary>
    public const int Count = 1;

    /// <summary>Room for events in each column.</summary>
    public const int Capacity = 2;

    /// <summary>The read time that the windows' cursors stand at.</summary>
    public const int CursorAt = 3;

    /// <summary>How many events were evicted.</summary>
    public const int Evicted = 4;

    /// <summary>The newest event time among the evicted.</summary>
    public const int NewestEvicted = 5;

    /// <summary>The newest event time that the view has seen.</summary>
    public const int Newest = 6;

    /// <summary>Words that every slab has.</summary>
    public const int Fixed = 7;
}
