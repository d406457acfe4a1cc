using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Streaming.Contracts;

namespace Streaming.Node.Admin;

/// <summary>
/// The folder in which a node leaves where its commands reach it, for its owner only: the token, which stays, and the address and
/// the process id of the node that started last.
/// </summary>
public sealed class AdminFiles
{
    private const int TokenBytes = 32;

    private readonly string _token;
    private readonly string _address;
    private readonly string _process;
    private (string Address, string? Process)? _before;

    /// <param name="dataDirectory">The directory of the embedded log.</param>
    public AdminFiles(string dataDirectory)
    {
        Folder = Path.Combine(dataDirectory, "admin");
        _token = Path.Combine(Folder, "token");
        _address = Path.Combine(Folder, "address");
        _process = Path.Combine(Folder, "pid");
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The token and the address; null if no node has run here.</summary>
    /// <exception cref="UnauthorizedAccessException">They are another user's.</exception>
    public (string Token, Uri Address)? Read() =>
        File.Exists(_token) && File.Exists(_address) && Uri.TryCreate(File.ReadAllText(_address).Trim(), UriKind.Absolute, out var address)
            ? (File.ReadAllText(_token).Trim(), address)
            : null;

    /// <summary>The token; makes one if there is none.</summary>
    /// <exception cref="IOException">It cannot be written or read.</exception>
    public string RequireToken()
    {
        PrivateFiles.CreateDirectory(Folder);
        using (var file = PrivateFiles.Open(_token, FileMode.OpenOrCreate, FileShare.Read))
        {
            PrivateFiles.Restrict(_token);
            if (file.Length == 0)
            {
                using var writer = new StreamWriter(file, leaveOpen: true);
                writer.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)));
            }
        }

        return File.ReadAllText(_token).Trim();
    }

    /// <summary>Says where the node is, and which process it is.</summary>
    public void WriteAddress(string url)
    {
        _before = File.Exists(_address)
            ? (File.ReadAllText(_address).Trim(), File.Exists(_process) ? File.ReadAllText(_process).Trim() : null)
            : null;
        Write(_process, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Write(_address, url);
    }

    /// <summary>The node is there no more; the address of another one stays, or comes back if that one still runs.</summary>
    public void RemoveAddress(string url)
    {
        try
        {
            if (File.ReadAllText(_address).Trim() != url)
            {
                return;
            }

            if (_before is (var address, { } process) && address != url && IsRunning(process))
            {
                Write(_process, process);
                Write(_address, address);
                return;
            }

            File.Delete(_address);
            File.Delete(_process);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it finds nobody there.
        }
    }

    // One that was killed leaves its files, and in a container the next one may have its number.
    private static bool IsRunning(string process)
    {
        if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId)
        {
            return false;
        }

        try
        {
            using var running = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Write(string path, string text)
    {
        var written = $"{path}.{Environment.ProcessId}";
        using (var file = PrivateFiles.Open(written, FileMode.Create, FileShare.None))
        using (var writer = new StreamWriter(file))
        {
            writer.Write(text);
        }

        File.Move(written, path, overwrite: true);
    }
}
