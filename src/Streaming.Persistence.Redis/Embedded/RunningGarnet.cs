using Garnet;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>A Garnet of this process.</summary>
internal sealed class RunningGarnet(GarnetServer server) : IGarnet
{
    /// <inheritdoc/>
    public async Task WaitForCommitAsync(CancellationToken cancellation) => await server.Store.WaitForCommitAsync(cancellation);

    /// <inheritdoc/>
    public async Task CommitAsync(CancellationToken cancellation) => await server.Store.CommitAOFAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();
}
