using System.Text;
using System.Text.Json;

namespace Streaming.Contracts.Registry;

/// <summary>The files of the embedded registry: read without a lock, changed by one process at a time.</summary>
internal sealed class EmbeddedRegistryStore
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(10);

    private readonly string _directory;
    private readonly string _file;
    private readonly TimeSpan _lockTimeout;
    private readonly TimeProvider _time;

    public EmbeddedRegistryStore(string directory, TimeSpan lockTimeout, TimeProvider time)
    {
        _directory = directory;
        _file = Path.Combine(directory, "schemas.json");
        _lockTimeout = lockTimeout;
        _time = time;
    }

    /// <summary>Reads the current file, which another process may have changed.</summary>
    public async Task<RegistryResult<T>> ReadAsync<T>(Func<EmbeddedRegistryFile, RegistryResult<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return ask(await LoadAsync(cancellation));
        }
        catch (Exception error) when (IsOutage(error))
        {
            return Unavailable<T>(error);
        }
    }

    /// <summary>Changes the file under the lock; written only when the change was <see cref="RegistryResult{T}.Found"/>.</summary>
    public async Task<RegistryResult<T>> ChangeAsync<T>(
        Func<EmbeddedRegistryFile, RegistryResult<T>> change, CancellationToken cancellation)
    {
        try
        {
            PrivateFiles.CreateDirectory(_directory);
            await using var held = await LockAsync(cancellation);
            var file = await LoadAsync(cancellation);
            var before = file.Write();
            var result = change(file);
            if (result is RegistryResult<T>.Found && file.Write() is var after && after != before)
            {
                await ReplaceAsync(after, cancellation);
            }

            return result;
        }
        catch (Exception error) when (IsOutage(error))
        {
            return Unavailable<T>(error);
        }
    }

    private async Task<EmbeddedRegistryFile> LoadAsync(CancellationToken cancellation) => File.Exists(_file)
        ? EmbeddedRegistryFile.Parse(await File.ReadAllTextAsync(_file, cancellation))
        : new EmbeddedRegistryFile();

    /// <summary>The file system releases the lock when its process dies, however it dies.</summary>
    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return PrivateFiles.Open(Path.Combine(_directory, "schemas.lock"), FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (_time.GetElapsedTime(started) < _lockTimeout)
            {
                await Task.Delay(s_retry, _time, cancellation);
            }
        }
    }

    private async Task ReplaceAsync(string text, CancellationToken cancellation)
    {
        var next = _file + ".next";
        await using (var stream = PrivateFiles.Open(next, FileMode.Create, FileShare.None))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, _file, overwrite: true);
    }

    private static bool IsOutage(Exception error) =>
        error is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException;

    private RegistryResult<T>.Unavailable Unavailable<T>(Exception error) =>
        new(
            $"the embedded registry {_file} cannot be used: {error.Message}; if the file is damaged, delete it and register again: the " +
            "ids stay the same",
            error);
}
