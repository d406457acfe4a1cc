using System.Diagnostics.CodeAnalysis;
using Garnet;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>
/// Keeps a Garnet running. One whose log of writes could not be written, as on a full disk, never writes again: it is ended, and once its
/// directory takes bytes another is started over what it holds, on the same port. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync cancels and waits.")]
internal sealed class GarnetKeeper : IAsyncDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    private readonly EmbeddedRedisSettings _settings;
    private readonly string _directory;
    private readonly GarnetDisk _disk;
    private readonly string _password;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private volatile GarnetServer? _server;
    private volatile string? _fault;

    private GarnetKeeper(EmbeddedRedisSettings settings, string directory, string password, GarnetServer server)
    {
        _settings = settings;
        _directory = directory;
        _disk = new GarnetDisk(directory);
        _password = password;
        _server = server;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => _settings.Port;

    /// <summary>Starts it.</summary>
    /// <exception cref="SlotStoreException">As <see cref="GarnetStart.Run"/>.</exception>
    public static GarnetKeeper Start(EmbeddedRedisSettings settings, string directory, string password)
    {
        var (server, port) = GarnetStart.Run(settings, directory, password);
        return new(settings with { Port = port }, directory, password, server);
    }

    /// <summary>Why it does not work, in one line; null while it does.</summary>
    public async Task<string?> FaultAsync() => _fault ?? (_server is { } server ? await FaultOfAsync(server) : _fault);

    /// <summary>Writes the log's end to the file and stops. Connections are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        if (_server is { } server)
        {
            await GarnetCalls.CommitAsync(server);
            await Task.Run(server.Dispose);
        }
    }

    private async Task<string?> FaultOfAsync(GarnetServer server) =>
        await GarnetCalls.FailureAsync(server) is { } failure ? _disk.FaultOf(failure) : null;

    private async Task WatchAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(s_lookEvery, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await LookAsync();
            }
#pragma warning disable CA1031 // Garnet throws bare exceptions, too.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _fault = $"The embedded Redis over {_directory} is down: {failure.Message.TrimEnd('.')}. It is tried again.";
            }
        }
    }

    private async Task LookAsync()
    {
        if (_server is { } server)
        {
            if (await FaultOfAsync(server) is not { } fault)
            {
                return;
            }

            (_fault, _server) = (fault, null);
            await GarnetCalls.EndAsync(server);
        }

        if (_disk.TakesBytes() && !_stop.IsCancellationRequested)
        {
            (_server, _) = await Task.Run(() => GarnetStart.Run(_settings, _directory, _password));
            _fault = null;
        }
    }
}
