using System.Numerics;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>An entity's state: the events it has applied, how many times it applied one, and its applied offsets plus one.</summary>
internal readonly record struct ModelState(ulong First, ulong Second, int FirstEnd, int SecondEnd, int Count)
{
    /// <summary>What cannot be read.</summary>
    public static ModelState Damaged => new(0, 0, 0, 0, -1);

    public ulong Events(int partition) => partition == 0 ? First : Second;

    public int End(int partition) => partition == 0 ? FirstEnd : SecondEnd;

    public ModelState Apply(int partition, int offset) => partition == 0
        ? this with { First = First | (1UL << offset), FirstEnd = offset + 1, Count = Count + 1 }
        : this with { Second = Second | (1UL << offset), SecondEnd = offset + 1, Count = Count + 1 };

    public bool IsFoldOf(ModelLog log, int entity) =>
        First == log.Fold(0, entity, FirstEnd)
        && Second == log.Fold(1, entity, SecondEnd)
        && Count == BitOperations.PopCount(First) + BitOperations.PopCount(Second);
}
