namespace Streaming.Log.Embedded;

/// <summary>What a failed call to the file system means to a caller of the log.</summary>
internal static class FileFailure
{
    public static EventLogException Of(string path, string doing, Exception cause) => new(
        $"Embedded log {path}: {doing} failed: {cause.Message.TrimEnd('.')}. {Hint(cause)}", retriable: IsDiskFull(cause)
            || IsDeviceFault(cause), cause);

    /// <summary>Errors of the system that mean "no more bytes here": ENOSPC, EDQUOT, EFBIG.</summary>
    public static bool MeansFull(int error) => error is 28 or 122 or 27;

    // On Unix an IOException's HResult is the system's error number; on Windows the low half of it is: 112 and 39 there.
    private static bool IsDiskFull(Exception cause) =>
        MeansFull(cause.HResult) || cause.HResult is unchecked((int)0x80070070) or unchecked((int)0x80070027);

    private static bool IsDeviceFault(Exception cause) => cause.HResult == 5;

    private static string Hint(Exception cause) => IsDiskFull(cause) ? SqliteFailure.NoSpace
        : IsDeviceFault(cause) ? "The disk did not answer; look at it, then try again."
        : "Check that the folder exists, that this is a file, and that this user may write to it.";
}
