using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streaming.Contracts;
using Streaming.Ingest;

namespace Streaming.Scoring.Registry;

/// <summary>
/// A folder with runs, models and their files. Each document is replaced as a whole, so a reader needs no lock; writers of all processes
/// of the machine take turns by a lock file. docs/registry.md has its layout.
/// </summary>
public sealed class RegistryFolder
{
    /// <summary>Ends the names of files that are being written.</summary>
    internal const string Unfinished = ".unfinished";

    private const int CopyBytes = 81_920;
    private static readonly TimeSpan s_turnWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_tryEvery = TimeSpan.FromMilliseconds(10);

    /// <param name="root">The folder; it is made by the first write.</param>
    /// <param name="clock">Tells when things are made.</param>
    public RegistryFolder(string root, TimeProvider clock)
    {
        Root = Path.GetFullPath(root);
        Clock = clock;
    }

    /// <summary>Its full path.</summary>
    public string Root { get; }

    internal TimeProvider Clock { get; }

    /// <summary>Now, in milliseconds since 1970.</summary>
    public long NowMillis => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The full path of something in it.</summary>
    internal string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Takes the turn to write; others wait until it is disposed.</summary>
    /// <exception cref="RegistryException">Another process has kept it for ten seconds.</exception>
    internal async Task<FileLease> TakeTurnAsync(CancellationToken cancellation)
    {
        var file = PathOf("lock");
        var start = Clock.GetTimestamp();
        while (true)
        {
            if (FileLease.TryTake(file, out var cause) is { } lease)
            {
                return lease;
            }

            if (Clock.GetElapsedTime(start) > s_turnWithin)
            {
                throw new RegistryException(
                    RegistryFault.Away,
                    $"{file}: another process has written to the folder for {s_turnWithin.TotalSeconds:0} s; try again, or end it",
                    cause);
            }

            await Task.Delay(s_tryEvery, Clock, cancellation);
        }
    }

    /// <summary>Reads a document; null if there is none.</summary>
    /// <exception cref="RegistryException">It is damaged, or cannot be read.</exception>
    internal static T? Read<T>(string file, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (!File.Exists(file))
            {
                return null;
            }

            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return JsonSerializer.Deserialize(stream, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new RegistryException(
                RegistryFault.Damaged, $"{file} is damaged ({error.Message}); restore it from a copy, or move it away", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(RegistryFault.Damaged, $"{file} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes a document: the old one or the new one is there at any time, and after a power loss, too.</summary>
    internal static void Write<T>(string file, T document, JsonTypeInfo<T> type) =>
        Replace(file, stream => JsonSerializer.Serialize(stream, document, type));

    /// <summary>Copies a file into the folder.</summary>
    internal static void Copy(string source, string file) => Replace(file, stream =>
    {
        using var from = File.OpenRead(source);
        from.CopyTo(stream);
    });

    /// <summary>Writes what comes from elsewhere into the folder.</summary>
    internal static async Task SaveAsync(Stream content, string file, CancellationToken cancellation)
    {
        var unfinished = UnfinishedOf(file);
        try
        {
            await using (var stream = PrivateFiles.Open(unfinished, FileMode.Create, FileShare.None))
            {
                await content.CopyToAsync(stream, CopyBytes, cancellation);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static void Replace(string file, Action<Stream> write)
    {
        var unfinished = UnfinishedOf(file);
        try
        {
            using (var stream = PrivateFiles.Open(unfinished, FileMode.Create, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    // Of its own: what a process left that was killed is in nobody's way.
    private static string UnfinishedOf(string file)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(file)!);
        return $"{file}.{Guid.NewGuid():N}{Unfinished}";
    }
}
