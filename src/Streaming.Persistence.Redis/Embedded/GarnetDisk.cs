namespace Streaming.Persistence.Redis.Embedded;

/// <summary>The disk under an embedded Redis: whether it takes bytes, and what is said where it does not.</summary>
/// <param name="directory">Where Garnet writes.</param>
internal sealed class GarnetDisk(string directory)
{
    // Room for the log of some flushes; a checkpoint that does not fit is tried again by Garnet.
    private const int SpaceBytes = 4 << 20;
    private const int NoSpace = 28; // ENOSPC
    private const int NoQuota = 122; // EDQUOT
    private const int WindowsNoSpace = unchecked((int)0x80070070); // ERROR_DISK_FULL

    /// <summary>Why Garnet does not write, in one line.</summary>
    public string FaultOf(Exception failure) =>
        failure.HResult is NoSpace or NoQuota or WindowsNoSpace
            ? $"No space is left on the disk of the embedded Redis ({directory}). It begins again by itself once there is some."
            : $"The embedded Redis cannot write to {directory}: {failure.Message.TrimEnd('.')}. It begins again by itself once it can.";

    /// <summary>What is said of a commit that takes too long.</summary>
    public string HangOf(TimeSpan within) => FormattableString.Invariant(
        $"The embedded Redis has not written its log to {directory} within {within.TotalSeconds:0.###} s: the disk is slow, or hangs. ") +
        "It goes on by itself once the disk does; look at the disk.";

    /// <summary>Whether there is room for a new start.</summary>
    public bool TakesBytes()
    {
        try
        {
            using var probe = new FileStream(Path.Combine(directory, "probe"), new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
                PreallocationSize = SpaceBytes,
            });
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
