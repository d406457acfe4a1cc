using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Node.Admin;

/// <summary>Which failures of the engine the command that asked is told of.</summary>
internal static class AdminProblem
{
    /// <summary>Whether something that the answer needs does not answer, or is owned by another: the message says what.</summary>
    public static bool IsAway(Exception failure) => failure is TimeoutException or SlotStoreException or SlotFencedException;
}
