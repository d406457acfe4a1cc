using System.Collections.Immutable;

namespace Streaming.Chaos.Faults;

/// <summary>All kinds of faults.</summary>
internal static class FaultCatalog
{
    /// <summary>In the order of the table.</summary>
    public static ImmutableArray<Fault> All { get; } =
    [
        .. NodeFaults.All, .. StoreFaults.All, .. ConnectionFaults.All, .. BrokerFaults.All, .. DiskFaults.All,
    ];
}
