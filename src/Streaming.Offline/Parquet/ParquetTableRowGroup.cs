using System.Collections.Immutable;
using ParquetSharp;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>A row group of a Parquet file: each stored type is read as it is and converted in one pass.</summary>
internal sealed class ParquetTableRowGroup(
    TableFile file, RowGroupReader group, ImmutableArray<ParquetColumnType> types, int rows, long rowsBefore) : TableRowGroup(rows)
{
    public override void ReadNumbers(int column, Span<double> into)
    {
        try
        {
            Cells(column).Numbers(into[..Rows]);
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw Damaged(column, error);
        }
    }

    public override void ReadFlags(int column, Span<double> into)
    {
        try
        {
            Cells(column).Flags(into[..Rows]);
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw Damaged(column, error);
        }
    }

    public override void ReadTimes(int column, Span<long> into)
    {
        try
        {
            Cells(column).Times(into[..Rows]);
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw Damaged(column, error);
        }
    }

    public override bool TryReadIntegers(int column, Span<long> into)
    {
        try
        {
            return Cells(column).TryIntegers(into[..Rows]);
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw Damaged(column, error);
        }
    }

    public override void ReadTexts(int column, TextColumn into)
    {
        try
        {
            var builder = new TextBuilder(into, Rows);
            Cells(column).Texts(builder);
            if (builder.Finish(Rows) is var row and >= 0)
            {
                var text = System.Text.Encoding.UTF8.GetString(into[row]);
                throw Stored(column).Refused(row, "UTF-8", $"'{text}' is how it reads; write the column as UTF-8 text");
            }
        }
        catch (Exception error) when (IsDamage(error))
        {
            throw Damaged(column, error);
        }
    }

    public override void Dispose() => group.Dispose();

    private static bool IsDamage(Exception error) => error is ParquetException or InvalidDataException;

    private StoredCells Cells(int column) => StoredCells.Of(Stored(column));

    private StoredColumn Stored(int column) => types[column].Repeated
        ? throw new TableFormatException($"{file.Path}: column '{types[column].Name}' is a list, which cannot be read as one value a row")
        : new StoredColumn(file.Path, group, column, types[column], Rows, rowsBefore);

    private TableDamagedException Damaged(int column, Exception error) => new(
        $"{file.Path}: the file is damaged: column '{types[column].Name}' cannot be read in the row group behind row {rowsBefore}: " +
        (error is ParquetException parquet ? ParquetFault.Text(parquet) : error.Message),
        error);
}
