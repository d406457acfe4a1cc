namespace Streaming.Node.Http;

/// <summary>
/// What one request has of the <see cref="BodyBudget"/>: as many bytes as arrived, until it has ended. A slow client holds no more than
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
    /// <returns>False where the node holds too much already.</returns>
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
        budget.Give(_bytes);
        _bytes = 0;
    }
}
