using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Json;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;

namespace Streaming.Ingest;

/// <summary>How JSON events of one topic become Avro, and columns by which they are judged and keyed. Thread-safe.</summary>
internal sealed class JsonTopic
{
    private readonly JsonEventReader _reader;
    private readonly ColumnDecoder _decoder;

    public JsonTopic(TopicContract contract)
    {
        Contract = contract;
        KeyField = contract.Source.IndexOf(contract.KeyField);
        _reader = new JsonEventReader(contract.Schema);
        _decoder = ColumnDecoder.Compile(contract.Schema, contract.Schema, contract.Source).Codec
            ?? throw new InvalidOperationException($"the schema of {contract.Name} cannot be read as itself");
    }

    /// <summary>The topic.</summary>
    public TopicContract Contract { get; }

    /// <summary>The column of the records' key.</summary>
    public int KeyField { get; }

    /// <summary>Appends an event's Avro after the wire format's head, and fills the row, which points into the output.</summary>
    /// <returns>What is wrong with it, a line each.</returns>
    public ImmutableArray<string> Read(ReadOnlySpan<byte> json, AvroBuffer output, EventBatch row)
    {
        if (!_reader.TryRead(json, output, out var faults))
        {
            return [.. faults.Select(fault => fault.ToString())];
        }

        var length = output.Length - WireFormat.HeadBytes;
        return _decoder.TryDecode(output.Array, WireFormat.HeadBytes, length, row, 0, out var fault) == DecodeStatus.Ok
            ? []
            : [fault.ToString()];
    }
}
