using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Registry;

public sealed class CachingSchemaRegistrySpec : SchemaRegistryKit, IDisposable
{
    private readonly TempFolder _folder = new();

    public CachingSchemaRegistrySpec() => Registry = new CachingSchemaRegistry(new EmbeddedSchemaRegistry(_folder.FullName, CompatibilityLevel.Backward));

    protected override ISchemaRegistry Registry { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Look_ups_of_one_id_at_the_same_time_share_one_request()
    {
        var slow = new Gated();
        var registry = new CachingSchemaRegistry(slow);
        var lookUps = Enumerable.Range(0, 50).Select(_ => registry.GetByIdAsync(7, default)).ToArray();
        slow.Answer.SetResult(new RegistryResult<Schema>.Found(EventSchemas.Label));
        foreach (var result in await Task.WhenAll(lookUps))
        {
            Assert.Same(EventSchemas.Label, Found(result));
        }

        Found(await registry.GetByIdAsync(7, default));
        Assert.Equal(1, slow.Requests);
    }

    [Fact]
    public async Task One_callers_cancellation_does_not_fail_the_others()
    {
        var slow = new Gated();
        var registry = new CachingSchemaRegistry(slow);
        using var cancellation = new CancellationTokenSource();
        var (quitter, stayer) = (registry.GetByIdAsync(7, cancellation.Token), registry.GetByIdAsync(7, default));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => quitter);
        slow.Answer.SetResult(new RegistryResult<Schema>.Found(EventSchemas.Label));
        Found(await stayer);
    }

    [Fact]
    public async Task A_missing_id_is_asked_again()
    {
        var registry = new Gated();
        var cached = new CachingSchemaRegistry(registry);
        registry.Answer.SetResult(new RegistryResult<Schema>.NotFound("7"));
        Assert.IsType<RegistryResult<Schema>.NotFound>(await cached.GetByIdAsync(7, default));
        registry.Answer = new TaskCompletionSource<RegistryResult<Schema>>();
        registry.Answer.SetResult(new RegistryResult<Schema>.Found(EventSchemas.Label));
        Found(await cached.GetByIdAsync(7, default));
        Assert.Equal(2, registry.Requests);
    }

    [Fact]
    public async Task A_registration_is_remembered_once_it_succeeds_and_not_before()
    {
        var registry = new Gated();
        var cached = new CachingSchemaRegistry(registry);
        registry.Registration = new RegistryResult<int>.Unavailable("down", null);
        Assert.IsType<RegistryResult<int>.Unavailable>(await cached.RegisterAsync("labels-value", EventSchemas.Label, default));
        registry.Registration = new RegistryResult<int>.Found(3);
        Assert.Equal(3, Found(await cached.RegisterAsync("labels-value", EventSchemas.Label, default)));
        registry.Registration = new RegistryResult<int>.Unavailable("down", null);
        Assert.Equal(3, Found(await cached.RegisterAsync("labels-value", EventSchemas.Label, default)));
        Assert.IsType<RegistryResult<int>.Unavailable>(await cached.RegisterAsync("other-value", EventSchemas.Label, default));
    }

    private sealed class Gated : ISchemaRegistry
    {
        public TaskCompletionSource<RegistryResult<Schema>> Answer { get; set; } = new();

        public RegistryResult<int> Registration { get; set; } = new RegistryResult<int>.NotFound("");

        public int Requests { get; private set; }

        public Task<RegistryResult<Schema>> GetByIdAsync(int id, CancellationToken cancellation)
        {
            Requests++;
            return Answer.Task;
        }

        public Task<RegistryResult<int>> RegisterAsync(string subject, Schema schema, CancellationToken cancellation) => Task.FromResult(Registration);

        public Task<RegistryResult<ImmutableArray<int>>> GetVersionsAsync(string subject, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RegistryResult<RegisteredSchema>> GetVersionAsync(string subject, int version, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RegistryResult<RegisteredSchema>> GetLatestAsync(string subject, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RegistryResult<CompatibilityReport>> CheckCompatibilityAsync(string subject, Schema schema, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RegistryResult<CompatibilityLevel>> GetLevelAsync(string subject, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<RegistryResult<CompatibilityLevel>> SetLevelAsync(string subject, CompatibilityLevel level, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
