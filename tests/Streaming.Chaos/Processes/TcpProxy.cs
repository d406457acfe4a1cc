using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.Chaos.Processes;

/// <summary>A proxy on the loopback between a node and a server: it cuts connections, refuses new ones, holds bytes back or slows them.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int BufferBytes = 1 << 16;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly Task _accepting;
    private volatile bool _isCut;
    private volatile int _delayMillis;
    private volatile TaskCompletionSource? _held;
    private volatile ArmedHold? _armed;

    public TcpProxy(Func<int> target)
    {
        _listener.Start();
        _accepting = AcceptAsync(target);
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Closes every connection, and each new one at once, until it is mended.</summary>
    public void Cut()
    {
        _isCut = true;
        CloseAll();
    }

    /// <summary>Holds every byte back, until it is mended.</summary>
    public void Hold() => _held ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Holds one piece of a client back, which has one of some texts: the so-manieth from now on.</summary>
    public ArmedHold HoldOne(int number, params string[] texts) => _armed = new ArmedHold(number, [.. texts.Select(Encoding.ASCII.GetBytes)]);

    /// <summary>Each piece waits so long, until it is mended.</summary>
    public void Slow(int millis) => _delayMillis = millis;

    /// <summary>Ends all of this.</summary>
    public void Mend()
    {
        (_isCut, _delayMillis) = (false, 0);
        var held = _held;
        _held = null;
        held?.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Mend();
        CloseAll();
        await _accepting;
        _end.Dispose();
    }

    private void CloseAll()
    {
        foreach (var client in _open.Keys)
        {
            client.Dispose();
        }
    }

    private async Task AcceptAsync(Func<int> target)
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeAsync(near, target());
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(TcpClient near, int port)
    {
        using var far = new TcpClient();
        _open[near] = _open[far] = true;
        try
        {
            if (!_isCut)
            {
                near.NoDelay = far.NoDelay = true;
                await far.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                await Task.WhenAny(PumpAsync(near, far, isOfClient: true), PumpAsync(far, near, isOfClient: false));
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // One side is gone: so is the other.
        }
        finally
        {
            _open.TryRemove(near, out _);
            _open.TryRemove(far, out _);
            near.Dispose();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isOfClient)
    {
        try
        {
            var buffer = new byte[BufferBytes];
            var (source, target) = (from.GetStream(), to.GetStream());
            for (int read; (read = await source.ReadAsync(buffer, _end.Token)) > 0;)
            {
                if (isOfClient && _armed is { } armed && armed.Takes(buffer.AsSpan(0, read)))
                {
                    await armed.LetGo.WaitAsync(_end.Token);
                }

                if (_held is { } held)
                {
                    await held.Task.WaitAsync(_end.Token);
                }

                if (_delayMillis is var delay and > 0)
                {
                    await Task.Delay(delay, _end.Token);
                }

                await target.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // One side is gone: so is the other.
        }
    }
}
