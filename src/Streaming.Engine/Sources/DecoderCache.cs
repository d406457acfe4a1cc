using Streaming.Contracts.Codecs;

namespace Streaming.Engine.Sources;

/// <summary>
/// The decoders of one engine by topic and writer's schema id, each compiled once for all partitions. Thread-safe; a caller waits
/// while another compiles, for milliseconds.
/// </summary>
internal sealed class DecoderCache
{
    private readonly Dictionary<(string Topic, int SchemaId), Compiled<ColumnDecoder>> _decoders = [];
    private readonly Lock _gate = new();

    /// <summary>The decoder of a plan's fields, or why the writer's schema cannot be read as ours.</summary>
    public Compiled<ColumnDecoder> Get(SourcePlan plan, int schemaId, Avro.Schema writer)
    {
        lock (_gate)
        {
            if (!_decoders.TryGetValue((plan.Source.Name, schemaId), out var decoder))
            {
                decoder = ColumnDecoder.Compile(writer, plan.Reader, plan.Source, plan.Wanted.AsSpan());
                _decoders[(plan.Source.Name, schemaId)] = decoder;
            }

            return decoder;
        }
    }
}
