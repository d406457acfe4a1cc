using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Node.Replays;

/// <summary>What a switch of generations works on.</summary>
/// <param name="Services">What is read.</param>
/// <param name="Snapshots">The store of snapshots.</param>
/// <param name="KeepReplaced">How long a generation that was replaced is kept.</param>
/// <param name="Prepare">Prepares an engine on a generation.</param>
internal sealed record SwitchParts(
    ReplayServices Services,
    IShardSlots Snapshots,
    TimeSpan KeepReplaced,
    Func<long, CancellationToken, Task<StreamingEngine>> Prepare);
