using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Streaming.Offline.Files;

/// <summary>
/// What a path leads to, symbolic links followed: .NET tells neither devices and pipes from files, nor two paths of one file.
/// </summary>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The file in it.</param>
/// <param name="IsRegular">Whether it is a regular file.</param>
internal readonly partial record struct FileStatus(ulong Device, ulong Inode, bool IsRegular)
{
    // linux/stat.h; the layout of statx is the same on every architecture.
    private const int CurrentDirectory = -100;
    private const uint TypeAndInode = 0x1 | 0x100;
    private const int StatusBytes = 256;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int DeviceAt = 136;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Null where there is nothing, or nothing that may be looked at; elsewhere than on Linux always.</summary>
    public static unsafe FileStatus? Of(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        fixed (byte* into = status)
        {
            if (!OperatingSystem.IsLinux() || StatX(CurrentDirectory, path, 0, TypeAndInode, into) != 0)
            {
                return null;
            }
        }

        var mode = BinaryPrimitives.ReadUInt16LittleEndian(status[ModeAt..]);
        return new(
            BinaryPrimitives.ReadUInt64LittleEndian(status[DeviceAt..]),
            BinaryPrimitives.ReadUInt64LittleEndian(status[InodeAt..]),
            (mode & TypeMask) == RegularFile);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int directory, string path, int flags, uint mask, byte* status);
}
