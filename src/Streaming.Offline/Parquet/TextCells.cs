using ParquetSharp;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Texts: their bytes, or what they say (<see cref="TextValue"/>).</summary>
internal sealed class TextCells(StoredColumn column) : StoredCells(column)
{
    private delegate bool TryParse<T>(ReadOnlySpan<byte> text, out T value);

    public override void Numbers(Span<double> into) => Parse(into, double.NaN, TextValue.TryNumber, "a number");

    public override void Flags(Span<double> into) => Parse(into, double.NaN, TextValue.TryFlag, "a flag");

    public override void Times(Span<long> into) => Column.Convert<ByteArray, long>(
        into, TimeColumn.Null, (value, row) =>
            TextTime.TryRead(Bytes(value), out var time) ? time : throw Column.NoTime(row, TextTime.Fault(Bytes(value))));

    public override void Texts(TextBuilder into) => into.Fill<ByteArray>(Column, (value, row) => into.Add(row, Bytes(value)));

    private static unsafe ReadOnlySpan<byte> Bytes(ByteArray value) => new((byte*)value.Pointer, value.Length);

    private void Parse<T>(Span<T> into, T none, TryParse<T> parse, string wanted) => Column.Convert<ByteArray, T>(
        into, none, (value, row) => parse(Bytes(value), out var parsed) ? parsed
            : throw Column.Refused(row, wanted, $"'{System.Text.Encoding.UTF8.GetString(Bytes(value))}'"));
}
