using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Offline.Lake;

/// <summary>The steps on this machine's disk. What .NET does not offer are calls of the C library.</summary>
internal sealed partial class DiskFiles : ILakeFiles
{
    // fcntl.h, stdio.h: the same on every architecture of Linux.
    private const int CurrentDirectory = -100;
    private const int ReadOnly = 0;
    private const uint ExchangeNames = 2;

    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public void Write(string path, string text)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public void Link(string file, string name) => Check(LinkFile(file, name), $"{name} cannot be made a second name of {file}");

    public void Exchange(string one, string other) => Check(
        RenameAt(CurrentDirectory, one, CurrentDirectory, other, ExchangeNames),
        $"{one} and {other} cannot be exchanged in one step (renameat2, RENAME_EXCHANGE: ext4, XFS, Btrfs and tmpfs can); keep the " +
        "lake on another file system, or do not compact it");

    public void Sync(string path)
    {
        var file = OpenFile(path, ReadOnly);
        Check(file, $"{path} cannot be opened");
        try
        {
            Check(SyncFile(file), $"{path} cannot be made durable");
        }
        finally
        {
            _ = CloseFile(file);
        }
    }

    public void Delete(string path) => File.Delete(path);

    public void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Check(int result, string fault)
    {
        if (result < 0)
        {
            throw new IOException($"{fault}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkFile(string file, string name);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int oneDirectory, string one, int otherDirectory, string other, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseFile(int file);
}
