using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;

namespace Streaming.Persistence.Redis.Tests.Servers;

/// <summary>The embedded server, in a folder of its own.</summary>
public sealed class GarnetServerFixture : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private EmbeddedRedis? _server;

    /// <summary>Settings of a test's own.</summary>
    public RedisSettings Settings => _server!.Connection with { KeyPrefix = $"t{Guid.NewGuid():N}" };

    /// <summary>As one text, password included.</summary>
    public string ConnectionString => $"{_server!.Connection.Connection},password={_server.Connection.Password}";

    public async Task InitializeAsync() =>
        _server = await EmbeddedRedis.StartAsync(new(_folder["redis"]) { MemoryBytes = 64 << 20 }, CancellationToken.None);

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
