// Hot: TryDecode runs once per event.
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Decodes events of one writer's schema straight into rows of an <see cref="EventBatch"/>. Compiled once per pair of schemas; decoding
/// allocates nothing, copies no text, never reads outside the payload and never throws for what the bytes are. Thread-safe: it has no
/// state.
/// </summary>
public sealed class ColumnDecoder
{
    private readonly RecordSchema _writer;
    private readonly RecordSchema _reader;
    private readonly RowDecoder _decode;
    private readonly int[] _texts;

    private ColumnDecoder(EventSource source, RecordSchema writer, RecordSchema reader, RowDecoder decode, int[] texts)
    {
        Source = source;
        _writer = writer;
        _reader = reader;
        _decode = decode;
        _texts = texts;
    }

    internal delegate void RowDecoder(ref AvroReader reader, EventBatch batch, int row);

    /// <summary>The fields of the batches that this fills.</summary>
    public EventSource Source { get; }

    /// <summary>Compiles a decoder.</summary>
    /// <param name="writer">The schema that the events were written with.</param>
    /// <param name="reader">The schema that <paramref name="source"/> was made from by <see cref="EventSchemas.SourceOf"/>.</param>
    /// <param name="source">The columns.</param>
    /// <param name="wanted">Per column whether it is kept; empty means all. Batches must be made with the same.</param>
    public static Compiled<ColumnDecoder> Compile(
        Schema writer, RecordSchema reader, EventSource source, ReadOnlySpan<bool> wanted = default)
    {
        if (SchemaResolver.TryResolve(writer, reader, out var faults) is not { } fields)
        {
            return new Compiled<ColumnDecoder>(null, faults);
        }

        var columns = Enumerable.Range(0, source.Fields.Length).ToList();
        var kept = wanted.ToArray();
        columns.RemoveAll(column => kept.Length > 0 && !kept[column]);
        int[] texts = [.. columns.Where(column => source.Fields[column].Type == FieldType.Text)];
        return new Compiled<ColumnDecoder>(
            new ColumnDecoder(source, (RecordSchema)writer, reader, ColumnEmitter.Compile(fields, source, columns), texts), []);
    }

    /// <summary>
    /// Decodes one event into a row that the batch has room for. Text columns point into <paramref name="buffer"/>, which all rows of a
    /// batch must share. After <see cref="DecodeStatus.Malformed"/> the row's content means nothing and the caller may use it again.
    /// </summary>
    /// <param name="buffer">Where the event lies.</param>
    /// <param name="start">The first byte of the Avro payload (after the wire format's head).</param>
    /// <param name="length">The payload's bytes.</param>
    /// <param name="batch">Made for <see cref="Source"/> with the same wanted fields.</param>
    /// <param name="row">The row to fill.</param>
    /// <param name="fault">What is wrong, if something is.</param>
    public DecodeStatus TryDecode(byte[] buffer, int start, int length, EventBatch batch, int row, out DecodeFault fault)
    {
        foreach (var text in _texts)
        {
            var column = batch.Texts(text);
            if (!ReferenceEquals(column.Buffer, buffer))
            {
                column.Buffer = buffer;
            }
        }

        var reader = new AvroReader(buffer.AsSpan(start, length), start);
        _decode(ref reader, batch, row);
        fault = reader.Finish();
        if (fault.Kind == DecodeFaultKind.None)
        {
            return DecodeStatus.Ok;
        }

        fault = FaultyField.Name(_writer, _reader, buffer.AsSpan(start, length), fault);
        return DecodeStatus.Malformed;
    }
}
