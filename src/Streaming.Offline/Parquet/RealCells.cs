using System.Buffers.Binary;
using System.Globalization;
using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>Binary floating-point numbers. NaN is what others write for no value, and is null where a number is wanted.</summary>
internal sealed class RealCells(StoredColumn column) : StoredCells(column)
{
    // Up to here a type of so many bits can tell every whole number from the next.
    private const double DoubleMax = 1L << 53;
    private const double FloatMax = 1 << 24;
    private const double HalfMax = 1 << 11;

    public override unsafe void Numbers(Span<double> into)
    {
        switch (Column.Type.Physical)
        {
            case PhysicalType.Double:
                Column.Convert<double, double>(into, double.NaN, static (value, _) => value);
                break;
            case PhysicalType.Float:
                Column.Convert<float, double>(into, double.NaN, static (value, _) => value);
                break;
            default:
                Column.Convert<FixedLenByteArray, double>(into, double.NaN, static (value, _) => (double)HalfOf(value));
                break;
        }
    }

    public override void Flags(Span<double> into) => NumericFlags(into);

    // Ids that a program has made numbers of. The shortest digits that give the number back, never an exponent.
    public override void Texts(TextBuilder into)
    {
        switch (Column.Type.Physical)
        {
            case PhysicalType.Double:
                into.Fill<double>(Column, (value, row, text) => Put(value, DoubleMax, row, text));
                break;
            case PhysicalType.Float:
                into.Fill<float>(Column, (value, row, text) => Put(value, FloatMax, row, text));
                break;
            default:
                into.Fill<FixedLenByteArray>(Column, (value, row, text) => Put(HalfOf(value), HalfMax, row, text));
                break;
        }
    }

    private static unsafe Half HalfOf(FixedLenByteArray value) =>
        BinaryPrimitives.ReadHalfLittleEndian(new ReadOnlySpan<byte>((byte*)value.Pointer, sizeof(short)));

    private int Put<T>(T value, double max, int row, Span<byte> text)
        where T : IUtf8SpanFormattable, System.Numerics.IFloatingPoint<T>
    {
        var number = double.CreateChecked(value);
        var length = 0;
        var written = number == Math.Truncate(number)
            ? Math.Abs(number) <= max && ((long)number).TryFormat(text, out length, default, CultureInfo.InvariantCulture)
            : value.TryFormat(text, out length, default, CultureInfo.InvariantCulture)
                && text[..length].IndexOfAny((byte)'E', (byte)'N') < 0;
        return written ? length : throw Column.Refused(
            row,
            "an exact text",
            string.Create(
                CultureInfo.InvariantCulture, $"{value}, for a program made a floating-point number of it; write the column as text"));
    }
}
