using Streaming.Contracts.Codecs;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Codecs;

public sealed class EventDecodersSpec : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("schemas-").FullName;
    private readonly EmbeddedSchemaRegistry _registry;
    private readonly EventDecoders _decoders;

    public EventDecodersSpec()
    {
        _registry = new EmbeddedSchemaRegistry(_directory, CompatibilityLevel.None);
        _decoders = new EventDecoders(_registry, EventSchemas.Label, EventSchemas.Sources["labels"]);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_resolved_id_is_known_from_then_on()
    {
        var id = ((RegistryResult<int>.Found)await _registry.RegisterAsync("labels-value", EventSchemas.Label, default)).Value;
        Assert.False(_decoders.TryGet(id, out _));
        var resolved = Assert.IsType<RegistryResult<ColumnDecoder>.Found>(await _decoders.ResolveAsync(id, default));
        Assert.True(_decoders.TryGet(id, out var known));
        Assert.Same(resolved.Value, known);
    }

    [Fact]
    public async Task An_unknown_id_an_unreadable_schema_and_an_outage_are_told_apart()
    {
        Assert.IsType<RegistryResult<ColumnDecoder>.NotFound>(await _decoders.ResolveAsync(7, default));
        var id = ((RegistryResult<int>.Found)await _registry.RegisterAsync("labels-value", EventSchemas.Click, default)).Value;
        var rejected = Assert.IsType<RegistryResult<ColumnDecoder>.Rejected>(await _decoders.ResolveAsync(id, default));
        Assert.Contains("Label.transaction_id", rejected.Detail, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_directory, "schemas.json"), "damaged");
        Assert.IsType<RegistryResult<ColumnDecoder>.Unavailable>(await _decoders.ResolveAsync(id, default));
    }
}
