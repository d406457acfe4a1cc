using System.Collections.Immutable;

namespace Streaming.Chaos.Faults;

/// <summary>Faults of the disk.</summary>
internal static class DiskFaults
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<Fault> All { get; } =
    [
        new("fill-disk", "no space is left on the disk of the embedded log and the store (a broker has its own)", static world => world.Folder.NotFilled, FillAsync) { LeavesNode = true },
    ];

    private static async Task FillAsync(World world, Random random)
    {
        using var filled = world.Folder.Fill();
        await Pause.ForAsync(random, 500, 2_500);
    }
}
