using System.Net.Sockets;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Exceptions that nothing foresaw while one record or one schema was handled. Nothing in a record or a registry may stop a partition:
/// the record is set aside with the exception's text, and the stream goes on.
/// </summary>
internal static class Unexpected
{
    /// <summary>Whether a failure is the record's own and would come again: not the process's, not a stop, and nothing that is away.</summary>
    public static bool IsOfTheRecord(Exception failure) =>
        failure is not (OutOfMemoryException or OperationCanceledException) && !IsAway(failure);

    /// <summary>Whether it is of something outside that may answer again; <see cref="EventLogException"/> is among these.</summary>
    public static bool IsAway(Exception failure) =>
        failure is IOException or TimeoutException or HttpRequestException or SocketException;

    /// <summary>What a dead letter says of it.</summary>
    public static string Text(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";
}
