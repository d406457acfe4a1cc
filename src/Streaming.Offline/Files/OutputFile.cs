namespace Streaming.Offline.Files;

/// <summary>Where a long computation will write its file: looked at before it begins, not when it is done.</summary>
public static class OutputFile
{
    /// <summary>What a file is written as until it is whole.</summary>
    public const string Temporary = ".tmp";

    /// <summary>Why a file cannot be written there, and what to do; null when it can.</summary>
    /// <param name="path">The file: not there yet, or a regular file that will be replaced.</param>
    /// <param name="inputs">What the computation reads and must not replace.</param>
    public static string? Fault(string path, IEnumerable<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(inputs);
        if (Path.GetFileName(path).Length == 0 || Directory.Exists(path))
        {
            return $"'{path}' is a directory; name a file in it";
        }

        if (inputs.FirstOrDefault(input => AreSame(path, input) || AreSame(path + Temporary, input)) is { } replaced)
        {
            return $"{path} would replace {replaced}, which is read; name another file";
        }

        return File.Exists(path) && FileStatus.Of(path) is { IsRegular: false }
            ? $"{path} is no regular file but a device, a pipe or the like, which a file would replace; name another file"
            : DirectoryFault(path);
    }

    private static bool AreSame(string output, string input) =>
        Path.GetFullPath(output) == Path.GetFullPath(input) || (FileStatus.Of(output) is { } status && status == FileStatus.Of(input));

    // Only writing tells whether one may: rights, read-only mounts, quotas.
    private static string? DirectoryFault(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            using var probe = new FileStream(
                Path.Combine(directory, Path.GetRandomFileName()),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose);
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return $"{path}: there is no directory {directory}; make it, or name a file elsewhere";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{path}: the directory {directory} cannot be written to; name a file elsewhere ({error.Message.TrimEnd('.')})";
        }
    }
}
