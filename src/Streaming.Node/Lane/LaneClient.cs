using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Streaming.Node.Lane;

/// <summary>
/// Bounds every wait of one connection in the lane. Kestrel's heartbeat calls it once a second; there is no timer a connection.
/// </summary>
internal sealed class LaneClient : IDisposable
{
    private readonly ConnectionContext _connection;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenRegistration _closing;
    private long _deadline = long.MaxValue;
    private bool _isWriting;
    private volatile bool _isClosing;
    private volatile bool _left;

    public LaneClient(ConnectionContext connection, TimeProvider clock)
    {
        _connection = connection;
        _clock = clock;
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static state => ((LaneClient)state).Tick(), this);
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            _closing = lifetime.ConnectionClosedRequested.Register(static state => ((LaneClient)state!).Close(), this);
        }
    }

    /// <summary>Whether the server asked to end idle connections.</summary>
    public bool IsClosing => _isClosing;

    /// <summary>Whether the wait that was announced last has taken too long.</summary>
    public bool IsExpired => _clock.GetTimestamp() >= Volatile.Read(ref _deadline);

    /// <summary>Announces a wait for input: when it has taken too long the pending read is cancelled.</summary>
    public void WaitForInput(TimeSpan limit) => Announce(limit, isWriting: false);

    /// <summary>Announces a wait for the client to take what was written: when it has taken too long the connection is aborted.</summary>
    public void WaitForClient(TimeSpan limit) => Announce(limit, isWriting: true);

    /// <summary>The lane has nothing more to do with the connection.</summary>
    public void Dispose()
    {
        _left = true;
        _closing.Dispose();
    }

    private void Announce(TimeSpan limit, bool isWriting)
    {
        _isWriting = isWriting;
        Volatile.Write(ref _deadline, _clock.GetTimestamp() + (long)(limit.TotalSeconds * _clock.TimestampFrequency));
    }

    private void Close()
    {
        _isClosing = true;
        _connection.Transport.Input.CancelPendingRead();
    }

    private void Tick()
    {
        if (_left || !IsExpired)
        {
            return;
        }

        if (_isWriting)
        {
            _connection.Abort(new ConnectionAbortedException("the client did not take the answers within streaming.http.client-timeout"));
        }
        else
        {
            _connection.Transport.Input.CancelPendingRead();
        }
    }
}
