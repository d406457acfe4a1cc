using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Streaming.EndToEnd.Tests;

/// <summary>
/// A proxy on the loopback that looks at what a client sends for one slot: once armed it lets one kind of piece pass, and holds everything
/// back from the next piece of another kind on. What it holds is lost with its connection.
/// </summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly Task _accepting;
    private readonly Lock _lock = new();
    private readonly byte[] _slot;
    private byte[]? _first;
    private byte[]? _then;
    private bool _hasPassed;
    private TaskCompletionSource _held = new();

    public HoldingProxy(int target, string slot)
    {
        _slot = Encoding.ASCII.GetBytes(slot);
        _listener.Start();
        _accepting = AcceptAsync(target);
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Lets a piece with the first text pass, and holds the next one with the second. The result completes when it is held.</summary>
    public Task HoldAfter(string first, string then)
    {
        lock (_lock)
        {
            (_first, _then, _hasPassed) = (Encoding.ASCII.GetBytes(first), Encoding.ASCII.GetBytes(then), false);
            _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _held.Task;
        }
    }

    /// <summary>New connections pass everything again.</summary>
    public void Disarm()
    {
        lock (_lock)
        {
            _first = _then = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var client in _open)
        {
            client.Dispose();
        }

        await _accepting;
        _end.Dispose();
    }

    private bool MayPass(ReadOnlySpan<byte> piece)
    {
        lock (_lock)
        {
            if (_first is null || _held.Task.IsCompleted)
            {
                return _first is null;
            }

            if (piece.IndexOf(_slot) < 0)
            {
                return true;
            }

            if (_hasPassed && piece.IndexOf(_then) >= 0)
            {
                _held.SetResult();
                return false;
            }

            _hasPassed |= piece.IndexOf(_first) >= 0;
            return true;
        }
    }

    private async Task AcceptAsync(int target)
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                var far = new TcpClient();
                await far.ConnectAsync(IPAddress.Loopback, target, _end.Token);
                near.NoDelay = far.NoDelay = true;
                _open.Add(near);
                _open.Add(far);
                _ = PumpAsync(near, far, isChecked: true);
                _ = PumpAsync(far, near, isChecked: false);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isChecked)
    {
        try
        {
            var buffer = new byte[1 << 16];
            for (int read; (read = await from.GetStream().ReadAsync(buffer, _end.Token)) > 0;)
            {
                if (!isChecked || MayPass(buffer.AsSpan(0, read)))
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // One side is gone: so is the other.
        }

        from.Dispose();
        to.Dispose();
    }
}
