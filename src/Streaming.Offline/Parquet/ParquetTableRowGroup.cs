using System.Buffers;
using System.Collections.Immutable;
using ParquetSharp;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>A row group of a Parquet file: each stored type is read as it is and converted in one pass.</summary>
internal sealed class ParquetTableRowGroup : TableRowGroup
{
    private readonly TableFile _file;
    private readonly RowGroupReader _group;
    private readonly ImmutableArray<ParquetColumnType> _types;
    private readonly short[] _levels;
    private readonly long _rowsBefore;

    public ParquetTableRowGroup(TableFile file, RowGroupReader group, ImmutableArray<ParquetColumnType> types, int rows, long rowsBefore)
        : base(rows)
    {
        _rowsBefore = rowsBefore;
        _file = file;
        _group = group;
        _types = types;
        _levels = ArrayPool<short>.Shared.Rent(Math.Max(1, rows));
    }

    public override void ReadNumbers(int column, Span<double> into)
    {
        var type = Check(column);
        into = into[..Rows];
        switch (type.Physical)
        {
            case PhysicalType.Double:
                Read(column, into);
                break;
            case PhysicalType.Float:
                ReadAs<float>(column, into, static (value, _) => value);
                break;
            case PhysicalType.ByteArray:
                var texts = new TextColumn();
                ReadTexts(column, texts);
                ParseNumbers(type, texts, into);
                return;
            default:
                var scale = Math.Pow(10, type.Scale);
                ReadLongs(column, into, scale == 1 ? static (value, _) => value : (value, _) => value / scale);
                break;
        }

        SetNulls(type, into, double.NaN);
    }

    public override void ReadTimes(int column, Span<long> into)
    {
        var type = Check(column);
        into = into[..Rows];
        switch (type.Physical)
        {
            case PhysicalType.Int64 when type is { UnitsPerMilli: 1, MillisPerUnit: 1 }:
                Read(column, into);
                break;
            case PhysicalType.Int32 or PhysicalType.Int64:
                ReadLongs(column, into, static (value, type) => type.ToMillis(value));
                break;
            case PhysicalType.Int96:
                ReadAs<Int96, long>(column, into, static (value, _) => Int96Millis(value));
                break;
            case PhysicalType.ByteArray:
                var texts = new TextColumn();
                ReadTexts(column, texts);
                ParseTimes(type, texts, into);
                return;
            default:
                throw Wrong(type, "an instant");
        }

        SetNulls(type, into, TimeColumn.Null);
        if (type is { Physical: not PhysicalType.Int96, HasUnit: false })
        {
            RequireMilliseconds(type, into);
        }
    }

    public override void ReadIntegers(int column, Span<long> into)
    {
        var type = Check(column);
        into = into[..Rows];
        if (type.Physical is not (PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Boolean) || type.Scale != 0)
        {
            throw Wrong(type, "a whole number");
        }

        ReadLongs(column, into, static (value, _) => value);
        if (FirstNull(type) is var row and >= 0)
        {
            throw new TableFormatException($"{_file.Path}: column '{type.Name}' is null in row {_rowsBefore + row + 1}, a whole number is needed");
        }
    }

    public override void ReadTexts(int column, TextColumn into)
    {
        var type = Check(column);
        var builder = new TextBuilder(into, Rows);
        if (type.Physical == PhysicalType.ByteArray)
        {
            ReadByteArrays(column, type, ref builder);
        }
        else if (type.Physical is PhysicalType.Int32 or PhysicalType.Int64 && type.Scale == 0)
        {
            var values = new long[Rows];
            ReadLongs(column, values.AsSpan(), static (value, _) => value);
            for (var row = 0; row < values.Length; row++)
            {
                builder.Add(row, values[row]);
            }
        }
        else
        {
            var values = new double[Rows];
            ReadNumbers(column, values);
            for (var row = 0; row < values.Length; row++)
            {
                builder.Add(row, values[row]);
            }
        }

        for (var row = 0; type.MaxDefinition > 0 && row < Rows; row++)
        {
            if (_levels[row] < type.MaxDefinition)
            {
                builder.AddNull(row);
            }
        }

        builder.Finish();
    }

    public override void Dispose()
    {
        ArrayPool<short>.Shared.Return(_levels);
        _group.Dispose();
    }

    // Int96 is days (Julian) and nanoseconds of the day, the form in which Hive and Impala wrote instants.
    private static long Int96Millis(Int96 value)
    {
        var nanos = (uint)value.A | ((long)value.B << 32);
        return ((value.C - 2_440_588L) * 86_400_000) + (nanos / 1_000_000);
    }

    private void Read<T>(int column, Span<T> into)
        where T : unmanaged
    {
        using var reader = (ColumnReader<T>)_group.Column(column);
        PhysicalValues.Read(reader, into, _levels, _types[column].MaxDefinition);
    }

    private void ReadLongs<TOut>(int column, Span<TOut> into, Func<long, ParquetColumnType, TOut> convert)
    {
        switch (_types[column].Physical)
        {
            case PhysicalType.Int64:
                ReadAs<long, TOut>(column, into, convert);
                break;
            case PhysicalType.Int32:
                ReadAs<int, TOut>(column, into, (value, type) => convert(type.Unsigned32 ? (uint)value : value, type));
                break;
            case PhysicalType.Boolean:
                ReadAs<bool, TOut>(column, into, (value, type) => convert(value ? 1 : 0, type));
                break;
            default:
                throw Wrong(_types[column], "a number");
        }
    }

    private void ReadAs<T>(int column, Span<double> into, Func<T, ParquetColumnType, double> convert)
        where T : unmanaged => ReadAs<T, double>(column, into, convert);

    private void ReadAs<T, TOut>(int column, Span<TOut> into, Func<T, ParquetColumnType, TOut> convert)
        where T : unmanaged
    {
        var stored = ArrayPool<T>.Shared.Rent(Math.Max(1, Rows));
        try
        {
            var type = _types[column];
            var values = stored.AsSpan(0, Rows);
            Read(column, values);
            for (var row = 0; row < values.Length; row++)
            {
                // A null row's stored value is whatever was there before and may be beyond conversion.
                into[row] = type.MaxDefinition > 0 && _levels[row] < type.MaxDefinition ? default! : convert(values[row], type);
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(stored);
        }
    }

    private unsafe void ReadByteArrays(int column, ParquetColumnType type, ref TextBuilder builder)
    {
        using var reader = (ColumnReader<ByteArray>)_group.Column(column);
        var values = new ByteArray[Rows];
        for (var row = 0; row < Rows;)
        {
            var levels = _levels.AsSpan(row, Rows - row);
            var read = PhysicalValues.ReadSome(reader, values.AsSpan(row), levels, type.MaxDefinition);
            for (var i = row; i < row + read; i++)
            {
                if (type.MaxDefinition == 0 || _levels[i] == type.MaxDefinition)
                {
                    builder.Add(i, new ReadOnlySpan<byte>((byte*)values[i].Pointer, values[i].Length));
                }
            }

            row += read;
        }
    }

    private void ParseNumbers(ParquetColumnType type, TextColumn texts, Span<double> into)
    {
        for (var row = 0; row < Rows; row++)
        {
            into[row] = texts.IsNull(row) ? double.NaN : TextValue.TryNumber(texts[row], out var value) ? value : throw NotA(type, texts, row, "a number");
        }
    }

    private void ParseTimes(ParquetColumnType type, TextColumn texts, Span<long> into)
    {
        for (var row = 0; row < Rows; row++)
        {
            into[row] = texts.IsNull(row) ? TimeColumn.Null
                : TextValue.TryTime(texts[row], out var value) ? value : throw NoTime(type, row, TextValue.TimeFault(texts[row]));
        }
    }

    private void RequireMilliseconds(ParquetColumnType type, ReadOnlySpan<long> times)
    {
        for (var row = 0; row < times.Length; row++)
        {
            if (!BareTime.IsMilliseconds(times[row]))
            {
                throw NoTime(type, row, BareTime.Fault(times[row]));
            }
        }
    }

    private void SetNulls<T>(ParquetColumnType type, Span<T> into, T value)
    {
        for (var row = 0; type.MaxDefinition > 0 && row < into.Length; row++)
        {
            if (_levels[row] < type.MaxDefinition)
            {
                into[row] = value;
            }
        }
    }

    private int FirstNull(ParquetColumnType type) =>
        type.MaxDefinition == 0 ? -1 : _levels.AsSpan(0, Rows).IndexOfAnyExcept(type.MaxDefinition);

    private ParquetColumnType Check(int column)
    {
        var type = _types[column];
        return !type.Repeated ? type : throw new TableFormatException($"{_file.Path}: column '{type.Name}' is a list, which cannot be read as one value a row");
    }

    private TableFormatException Wrong(ParquetColumnType type, string wanted) =>
        new($"{_file.Path}: column '{type.Name}' is stored as {type.Physical}, which cannot be read as {wanted}; map another column (--map)");

    private TableFormatException NoTime(ParquetColumnType type, int row, string fault) => new($"{_file.Path}: row {_rowsBefore + row + 1} has in column '{type.Name}' {fault}");

    private TableFormatException NotA(ParquetColumnType type, TextColumn texts, int row, string wanted) =>
        new($"{_file.Path}: column '{type.Name}' is not {wanted} in row {_rowsBefore + row + 1}: '{System.Text.Encoding.UTF8.GetString(texts[row])}'");
}
