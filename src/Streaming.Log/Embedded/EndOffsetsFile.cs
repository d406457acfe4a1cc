// Hot: one write per commit and run of partitions.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Streaming.Contracts;

namespace Streaming.Log.Embedded;

/// <summary>
/// The end offset of each partition as it was acknowledged, in a file of its own beside the database (drawn in docs/event-log.md).
/// SQLite cannot see that its write-ahead log was deleted or cut, or that an older copy took the database's place; this file can.
/// Written after the commit and before the answer, so it is never ahead of the log; it is not forced to the disk. Used by the writer's
/// thread.
/// </summary>
internal sealed class EndOffsetsFile : IDisposable
{
    private const int HeaderBytes = 32;
    private const int GrowBytes = 4096;
    private const int RunMax = 64;
    private readonly SafeFileHandle _file;
    private readonly string _path;

    private EndOffsetsFile(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    private static ReadOnlySpan<byte> Magic => "EvEnds01"u8;

    public static string PathOf(string logPath) => logPath + "-ends";

    /// <summary>Opens a log's file; null when it is missing, or another log's.</summary>
    public static EndOffsetsFile? TryOpen(string logPath, Guid identity)
    {
        var path = PathOf(logPath);
        if (!File.Exists(path))
        {
            return null;
        }

        var file = new EndOffsetsFile(
            path, Guarded(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)));
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(file._file, header, 0) == HeaderBytes
            && header.StartsWith(Magic)
            && new Guid(header.Slice(Magic.Length, 16)) == identity)
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Creates the file, and waits until it is on the disk: the log refers to it afterwards.</summary>
    public static void Create(string logPath, Guid identity, ReadOnlySpan<long> ends)
    {
        var path = PathOf(logPath);
        Guarded(path, () => PrivateFiles.Open(path, FileMode.Create, FileShare.ReadWrite)).Dispose();
        using var file = new EndOffsetsFile(
            path, Guarded(path, () => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)));
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        identity.TryWriteBytes(header[Magic.Length..]);
        file.Put(header, 0);
        file.MakeRoom(ends.Length);
        file.Put(MemoryMarshal.AsBytes(ends), HeaderBytes);
        RandomAccess.FlushToDisk(file._file);
    }

    /// <summary>Whether the file has any acknowledged record, whatever log it belongs to.</summary>
    public static bool HasRecords(string logPath) => EndsAt(logPath).AsSpan().ContainsAnyExcept(0);

    /// <summary>The end offsets in the file, whatever log it belongs to; none if there is no such file.</summary>
    public static long[] EndsAt(string logPath)
    {
        var path = PathOf(logPath);
        return File.Exists(path) && Guarded(path, () => File.ReadAllBytes(path)).AsSpan() is { Length: > HeaderBytes } bytes
            ? MemoryMarshal.Cast<byte, long>(bytes[HeaderBytes..]).ToArray()
            : [];
    }

    /// <summary>Allocates space for partitions up to this id, so that a full disk cannot stop a later write.</summary>
    public void MakeRoom(long partitionId)
    {
        var needed = HeaderBytes + ((partitionId + 1) * sizeof(long));
        var there = RandomAccess.GetLength(_file);
        if (there < needed)
        {
            var until = (needed + GrowBytes - 1) / GrowBytes * GrowBytes;
            Put(new byte[until - there], there);
            RandomAccess.FlushToDisk(_file);
        }
    }

    /// <summary>The acknowledged end offset by partition id; 0 where nothing was.</summary>
    public long[] Read()
    {
        var bytes = new byte[Math.Max(RandomAccess.GetLength(_file) - HeaderBytes, 0)];
        var read = RandomAccess.Read(_file, bytes, HeaderBytes);
        return MemoryMarshal.Cast<byte, long>(bytes.AsSpan(0, read)).ToArray();
    }

    /// <summary>Notes the end offsets of partitions in the order of their ids: one write where the ids follow each other.</summary>
    public void Note(List<PartitionTail> tails)
    {
        Span<long> run = stackalloc long[RunMax];
        for (var first = 0; first < tails.Count;)
        {
            var count = 0;
            while (count < RunMax && first + count < tails.Count && tails[first + count].PartitionId == tails[first].PartitionId + count)
            {
                run[count] = tails[first + count].NextOffset;
                count++;
            }

            Put(MemoryMarshal.AsBytes(run[..count]), HeaderBytes + (tails[first].PartitionId * sizeof(long)));
            first += count;
        }
    }

    /// <summary>Forgets the partitions of a topic that is about to be deleted.</summary>
    public void Clear(long firstPartitionId, int partitions) =>
        Put(new byte[partitions * sizeof(long)], HeaderBytes + (firstPartitionId * sizeof(long)));

    public void Dispose() => _file.Dispose();

    private void Put(ReadOnlySpan<byte> bytes, long at)
    {
        try
        {
            RandomAccess.Write(_file, bytes, at);
        }
        catch (IOException e)
        {
            throw FileFailure.Of(_path, "noting end offsets", e);
        }
    }

    private static T Guarded<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of(path, "opening", e);
        }
    }
}
