using System.Globalization;
using System.Numerics;
using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>Decimal numbers, whichever way their digits are stored. As text without zeros at the end: 4711.00 is the id 4711.</summary>
internal sealed class DecimalCells(StoredColumn column) : StoredCells(column)
{
    public override void Numbers(Span<double> into)
    {
        var scale = Column.Type.Scale;
        Convert(into, double.NaN, (digits, _) => ExactNumber.Of(digits, scale));
    }

    public override void Texts(TextBuilder into)
    {
        var texts = new string?[Column.Rows];
        Convert<string?>(texts, null, (digits, _) => Text(digits));
        for (var row = 0; row < texts.Length; row++)
        {
            if (texts[row] is { } text)
            {
                into.Add(row, System.Text.Encoding.UTF8.GetBytes(text));
            }
            else
            {
                into.AddNull(row);
            }
        }
    }

    private static unsafe BigInteger BigEndian(nint pointer, int length) =>
        new(new ReadOnlySpan<byte>((byte*)pointer, length), isUnsigned: false, isBigEndian: true);

    private string Text(BigInteger digits)
    {
        var scale = Column.Type.Scale;
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var whole = scale == 0 ? text : $"{text[..^scale]}.{text[^scale..]}".TrimEnd('0').TrimEnd('.');
        return digits.Sign < 0 ? "-" + whole : whole;
    }

    private void Convert<TOut>(Span<TOut> into, TOut none, Func<BigInteger, int, TOut> convert)
    {
        var width = Column.Type.Width;
        switch (Column.Type.Physical)
        {
            case PhysicalType.Int32:
                Column.Convert<int, TOut>(into, none, (value, row) => convert(value, row));
                break;
            case PhysicalType.Int64:
                Column.Convert<long, TOut>(into, none, (value, row) => convert(value, row));
                break;
            case PhysicalType.ByteArray:
                Column.Convert<ByteArray, TOut>(into, none, (value, row) => convert(BigEndian(value.Pointer, value.Length), row));
                break;
            default:
                Column.Convert<FixedLenByteArray, TOut>(into, none, (value, row) => convert(BigEndian(value.Pointer, width), row));
                break;
        }
    }
}
