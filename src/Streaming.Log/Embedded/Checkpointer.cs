namespace Streaming.Log.Embedded;

/// <summary>
/// Copies committed pages from the write-ahead log into the database on a thread of its own, so that no append waits for the disk:
/// SQLite's own checkpoint runs inside the commit that crosses a limit, and its two fsyncs hold up every append behind it for tens of
/// milliseconds. This thread cannot copy the pages that are written meanwhile; the writer copies those few, and the write-ahead log starts
/// over. A checkpoint that fails loses nothing and is tried again; if the disk is the cause, the next append reports it.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>Pages (of 8 KiB) in the write-ahead log after which they are copied.</summary>
    private const int PagesMin = 4_000;

    /// <summary>The most that is left to the writer: an fsync of a millisecond or two.</summary>
    private const int PagesLeftMax = 400;

    private const int RoundsMax = 8;

    /// <summary>The largest write-ahead log, 1 GiB. Beyond it the writer waits for the copying.</summary>
    private const int PagesMax = 32 * PagesMin;

    private readonly Database _database;
    private readonly LogDamage _damage;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private volatile bool _isDisposed;
    private volatile bool _isCopying;
    private volatile bool _isRestForWriter;
    private bool _isAsked;

    public Checkpointer(Database database, LogDamage damage)
    {
        _damage = damage;
        _database = database;
        _thread = new Thread(Work) { IsBackground = true, Name = "log-checkpoint" };
        _thread.Start();
    }

    /// <summary>Copies after this commit, however few pages there are: the file shrinks only then. On the writer's thread.</summary>
    public void Ask() => _isAsked = true;

    /// <summary>After a commit, on the writer's thread and connection: starts the copying, or ends it.</summary>
    public void Committed(Database writer)
    {
        if (_isRestForWriter || writer.PagesWritten >= PagesMax)
        {
            if (writer.Checkpoint(wait: !_isRestForWriter) == 0)
            {
                writer.ForgetPagesWritten();
            }

            _isRestForWriter = false;
        }
        else if (!_isCopying && (_isAsked || writer.PagesWritten >= PagesMin))
        {
            (_isCopying, _isAsked) = (true, false);
            _wake.Set();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _database.Dispose();
    }

    private void Work()
    {
        while (_wake.WaitOne() && !_isDisposed)
        {
            // Copying is faster than writing, so each round leaves less, unless a reader holds pages back: then a later commit begins
            // again. No answer means that another process copies.
            var left = _database.Checkpoint(wait: false);
            for (var round = 1; left > PagesLeftMax && round < RoundsMax && !_isDisposed && !_damage.IsKnown; round++)
            {
                left = _database.Checkpoint(wait: false);
            }

            _isRestForWriter = left <= PagesLeftMax;
            _isCopying = false;
        }
    }
}
