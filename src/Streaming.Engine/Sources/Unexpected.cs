using System.Net.Sockets;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Unexpected exceptions while one record or one schema is handled. Neither may stop a partition: the record becomes a dead letter with
/// the exception's text, and the stream continues.
/// </summary>
internal static class Unexpected
{
    /// <summary>Whether the record causes the failure, every time: not the process, a cancellation or an outage.</summary>
    public static bool IsCausedByRecord(Exception failure) =>
        failure is not (OutOfMemoryException or OperationCanceledException) && !IsOutage(failure);

    /// <summary>Whether a dependency is unavailable and may recover; <see cref="EventLogException"/> is one of these.</summary>
    public static bool IsOutage(Exception failure) =>
        failure is IOException or TimeoutException or HttpRequestException or SocketException;

    /// <summary>The detail of the dead letter.</summary>
    public static string Text(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";
}
