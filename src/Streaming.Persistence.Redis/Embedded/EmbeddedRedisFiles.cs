using System.Security.Cryptography;
using System.Text;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>The directory of an embedded Redis: whose it is, and who may read what is in it.</summary>
internal static class EmbeddedRedisFiles
{
    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the directory, and takes it for this process as long as the answer is open.</summary>
    /// <exception cref="SlotStoreException">Another process has it, or it cannot be written.</exception>
    public static FileStream Lock(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, OwnerFolder);
            }

            return new(Path.Combine(directory, "lock"), Private(FileMode.OpenOrCreate));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SlotStoreException(
                $"The embedded Redis cannot use {directory}: {e.Message} Each process needs a directory of its own " +
                "(streaming.redis.embedded.directory), that it may write.",
                retriable: false,
                e);
        }
    }

    /// <summary>The password that was made at the first start.</summary>
    public static async Task<string> PasswordAsync(string directory, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, "password");
        if (File.Exists(path))
        {
            return (await File.ReadAllTextAsync(path, cancellation)).Trim();
        }

        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var file = new FileStream(path, Private(FileMode.CreateNew));
        await file.WriteAsync(Encoding.ASCII.GetBytes(password), cancellation);
        return password;
    }

    /// <summary>
    /// Leaves the files to their owner. Garnet makes them by the process's umask; the directory, which only its owner enters, protects
    /// those that it makes later.
    /// </summary>
    public static void Restrict(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            try
            {
                File.SetUnixFileMode(file, OwnerFile);
            }
            catch (FileNotFoundException)
            {
                // A checkpoint removes files that the next one replaced.
            }
        }
    }

    /// <summary>A file for its owner alone, and for one process at a time.</summary>
    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }
}
