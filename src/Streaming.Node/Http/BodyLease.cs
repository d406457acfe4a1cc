namespace Streaming.Node.Http;

/// <summary>
/// The part of the <see cref="BodyBudget"/> that one request holds until it ends: the bytes that arrived. A slow client holds only what
/// it sent.
/// </summary>
internal sealed class BodyLease(BodyBudget budget) : IDisposable
{
    private long _bytes;

    /// <summary>A lease that ends with the request.</summary>
    public static BodyLease For(HttpContext context)
    {
        var lease = new BodyLease(context.RequestServices.GetRequiredService<BodyBudget>());
        context.Response.RegisterForDispose(lease);
        return lease;
    }

    /// <summary>Takes what arrived since the last call.</summary>
    /// <param name="bytes">All that has arrived.</param>
    /// <returns>False if the node holds too much already.</returns>
    public bool TryGrow(long bytes)
    {
        if (!budget.TryTake(bytes - _bytes))
        {
            return false;
        }

        _bytes = bytes;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        budget.Release(_bytes);
        _bytes = 0;
    }
}
