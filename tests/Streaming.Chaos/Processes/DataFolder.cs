namespace Streaming.Chaos.Processes;

/// <summary>The folder of a run; where a file system may be mounted it is a small one of its own, which can be filled.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaming-chaos-");

    private DataFolder()
    {
    }

    /// <summary>Why the disk cannot be filled; null where it can.</summary>
    public string? NotFilled { get; private set; } = "not mounted";

    /// <summary>What is on the disk that can be filled.</summary>
    public string this[string name] => Path.Combine(Disk, name);

    private string Disk => Path.Combine(_folder.FullName, "disk");

    /// <summary>What is on the machine's own disk.</summary>
    public string Beside(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Makes it.</summary>
    /// <param name="mebibytes">The size of its file system.</param>
    public static async Task<DataFolder> CreateAsync(int mebibytes)
    {
        var folder = new DataFolder();
        Directory.CreateDirectory(folder.Disk);
        if (Environment.UserName != "root" || Repository.Program("mount") is null)
        {
            folder.NotFilled = "a small file system needs root and mount";
            return folder;
        }

        var (exitCode, output) = await ChildProcess.RunAsync(
            "mount", ["-t", "tmpfs", "-o", FormattableString.Invariant($"size={mebibytes}m,mode=700"), "streaming-chaos", folder.Disk], s_limit);
        folder.NotFilled = exitCode == 0 ? null : $"no file system can be mounted: {output.Trim()}";
        return folder;
    }

    /// <summary>Takes all space that is left, until the result is disposed.</summary>
    public IDisposable Fill()
    {
        var filler = new FileStream(this["filler"], FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose);
        foreach (var size in (int[])[1 << 20, 4096, 1])
        {
            try
            {
                for (var block = new byte[size]; ;)
                {
                    filler.Write(block);
                }
            }
            catch (IOException)
            {
                // Nothing of this size fits any more.
            }
        }

        return filler;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (NotFilled is null)
        {
            await ChildProcess.RunAsync("umount", ["-l", Disk], s_limit);
        }

        _folder.Delete(recursive: true);
    }
}
