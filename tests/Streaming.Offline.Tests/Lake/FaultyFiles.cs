using Streaming.Offline.Lake;

namespace Streaming.Offline.Tests.Lake;

/// <summary>The disk of a process that dies at one step: before it, or right after it.</summary>
internal sealed class FaultyFiles(int dieAt, bool after) : ILakeFiles
{
    private readonly DiskFiles _disk = new();
    private int _steps;

    public void CreateFolder(string path) => Step(() => _disk.CreateFolder(path));

    public void Write(string path, string text) => Step(() => _disk.Write(path, text));

    public void Move(string from, string to) => Step(() => _disk.Move(from, to));

    public void Link(string file, string name) => Step(() => _disk.Link(file, name));

    public void Exchange(string one, string other) => Step(() => _disk.Exchange(one, other));

    public void Sync(string path) => Step(() => _disk.Sync(path));

    public void Delete(string path) => Step(() => _disk.Delete(path));

    public void DeleteFolder(string path) => Step(() => _disk.DeleteFolder(path));

    private void Step(Action step)
    {
        _steps++;
        if (_steps > dieAt)
        {
            throw new CrashException();
        }

        if (_steps < dieAt || after)
        {
            step();
        }

        if (_steps == dieAt)
        {
            throw new CrashException();
        }
    }
}

/// <summary>The end of the process.</summary>
internal sealed class CrashException : Exception;
