using Streaming.Contracts.Codecs;

namespace Streaming.Engine.Sources;

/// <summary>The decoder of a schema id, or the reason why its events are dead letters.</summary>
internal sealed record SchemaDecoder(ColumnDecoder? Decoder, string Reason, string Detail);
