namespace Streaming.Offline.Parquet;

/// <summary>True and false. They are no numbers: an amount of 1 would be made up.</summary>
internal sealed class FlagCells(StoredColumn column) : StoredCells(column)
{
    public override void Flags(Span<double> into) => Column.Convert<bool, double>(into, double.NaN, static (value, _) => value ? 1 : 0);

    public override void Texts(TextBuilder into) =>
        into.Fill<bool>(Column, static (value, _, text) => value ? Put("true"u8, text) : Put("false"u8, text));

    private static int Put(ReadOnlySpan<byte> value, Span<byte> text)
    {
        value.CopyTo(text);
        return value.Length;
    }
}
