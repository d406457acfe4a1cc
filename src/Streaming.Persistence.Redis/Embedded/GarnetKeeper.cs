using System.Diagnostics.CodeAnalysis;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>
/// Keeps a Garnet running. One whose log of writes could not be written, as on a full disk, never writes again: it is ended, and once its
/// directory takes bytes another is started over what it holds, on the same port. One whose log takes long to write is left alone: its
/// files are in use. Every wait is bounded. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync cancels and waits.")]
internal sealed class GarnetKeeper : IAsyncDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_endWithin = TimeSpan.FromSeconds(10);

    private readonly EmbeddedRedisSettings _settings;
    private readonly string _directory;
    private readonly GarnetDisk _disk;
    private readonly string _password;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private volatile GarnetCalls? _server;
    private volatile GarnetCalls? _ending;
    private volatile string? _fault;

    /// <param name="settings">The settings, with the port that it listens on.</param>
    /// <param name="directory">Its directory.</param>
    /// <param name="password">Its password.</param>
    /// <param name="server">The one that runs.</param>
    internal GarnetKeeper(EmbeddedRedisSettings settings, string directory, string password, GarnetCalls server)
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
        return new(settings with { Port = port }, directory, password, CallsOf(server));
    }

    /// <summary>Why it does not work, in one line; null while it does.</summary>
    public async Task<string?> FaultAsync() => _fault ?? (_server is { } server ? await FaultOfAsync(server) : _fault);

    /// <summary>Writes the log's end to the file and stops. Connections are closed.</summary>
    /// <exception cref="SlotStoreException">It has not ended in time.</exception>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _watching.WaitAsync(s_endWithin * 2);
        }
        catch (TimeoutException late)
        {
            throw new SlotStoreException($"Garnet over {_directory} hangs while it starts", retriable: true, late);
        }

        _stop.Dispose();
        if (_server is { } server)
        {
            await server.CommitAsync();
            await server.EndAsync();
        }
    }

    private static GarnetCalls CallsOf(IGarnet server) => new(server, s_answerWithin, s_endWithin);

    private async Task<string?> FaultOfAsync(GarnetCalls server) => await server.FailureAsync() switch
    {
        null => null,
        TimeoutException => _disk.HangOf(server.AnswerWithin),
        var failure => _disk.FaultOf(failure),
    };

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
            var failure = await server.FailureAsync();
            if (failure is null or TimeoutException)
            {
                return;
            }

            (_fault, _server, _ending) = (_disk.FaultOf(failure), null, server);
        }

        // Two would write the same files.
        await (_ending?.EndAsync() ?? Task.CompletedTask);
        if (_disk.TakesBytes() && !_stop.IsCancellationRequested)
        {
            var (started, _) = await Task.Run(() => GarnetStart.Run(_settings, _directory, _password));
            (_server, _ending, _fault) = (CallsOf(started), null, null);
        }
    }
}
