using System.Collections.Immutable;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

/// <summary>All that a store holds at one moment; never changes.</summary>
public sealed record MemoryState
{
    internal static MemoryState Empty { get; } = new();

    internal ImmutableDictionary<SlotAddress, MemorySlotState> Slots { get; init; } = ImmutableDictionary<SlotAddress, MemorySlotState>.Empty;

    internal ImmutableSortedDictionary<long, byte[]> Generations { get; init; } = ImmutableSortedDictionary<long, byte[]>.Empty;

    internal long? Live { get; init; }

    /// <summary>This state with the manifests of an earlier one: a process that ended before it wrote them.</summary>
    public MemoryState WithManifestsOf(MemoryState earlier) => this with
    {
        Slots = Slots.ToImmutableDictionary(slot => slot.Key, slot => slot.Value with { Manifest = earlier[slot.Key].Manifest }),
    };

    /// <summary>This state with a wrong byte at the end of every snapshot.</summary>
    public MemoryState Damaged() => this with
    {
        Slots = Slots.ToImmutableDictionary(
            slot => slot.Key,
            slot => slot.Value with
            {
                Entities = slot.Value.Entities.ToImmutableDictionary(entity => entity.Key, entity => (byte[])[.. entity.Value[..^1], (byte)~entity.Value[^1]]),
            }),
    };

    internal MemorySlotState this[SlotAddress address] => Slots.GetValueOrDefault(address, MemorySlotState.Empty);

    internal MemoryState With(SlotAddress address, MemorySlotState slot) => this with { Slots = Slots.SetItem(address, slot) };
}

internal sealed record MemorySlotState(SlotToken? Token, long Writes, byte[]? Manifest, ImmutableDictionary<string, byte[]> Entities)
{
    public static MemorySlotState Empty { get; } = new(null, 0, null, ImmutableDictionary<string, byte[]>.Empty);
}
