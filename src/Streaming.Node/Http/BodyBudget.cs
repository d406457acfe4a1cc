namespace Streaming.Node.Http;

/// <summary>The bytes of bodies that the node may hold at once, of all requests together. Thread-safe.</summary>
internal sealed class BodyBudget(long limit)
{
    private long _taken;

    /// <summary>Reserves bytes; false, and nothing reserved, if they are too many.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    /// <summary>Releases bytes.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
