using Parquet;
using Parquet.Schema;

namespace Streaming.EndToEnd.Tests;

/// <summary>
/// Whole columns of a Parquet file as Parquet.Net reads them, which is written in C# from the format's definition. The product reads and writes
/// with ParquetSharp (Arrow, in C++): what one of the two gets wrong is not got wrong by the other, too.
/// </summary>
internal sealed class ReferenceParquet : IAsyncDisposable
{
    private readonly ParquetReader _reader;

    private ReferenceParquet(ParquetReader reader) => _reader = reader;

    public string[] Columns => [.. _reader.Schema.DataFields.Select(each => each.Name)];

    public static async Task<ReferenceParquet> OpenAsync(string path) => new(await ParquetReader.CreateAsync(path));

    /// <summary>A column of numbers of whatever width, none of them null.</summary>
    public async Task<T[]> NumbersAsync<T>(string column)
        where T : struct, System.Numerics.INumber<T>
    {
        var type = Field(column).ClrType;
        return type == typeof(long) ? Array.ConvertAll(await ReadAsync<long>(column), T.CreateChecked)
            : type == typeof(int) ? Array.ConvertAll(await ReadAsync<int>(column), T.CreateChecked)
            : type == typeof(sbyte) ? Array.ConvertAll(await ReadAsync<sbyte>(column), T.CreateChecked)
            : type == typeof(double) ? Array.ConvertAll(await ReadAsync<double>(column), T.CreateChecked)
            : throw new InvalidDataException($"column {column} is {type.Name}, no number that this test knows");
    }

    /// <summary>A column of instants, in milliseconds since 1970.</summary>
    public async Task<long[]> MillisAsync(string column) =>
        Array.ConvertAll(await ReadAsync<DateTime>(column), time => (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond);

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private DataField Field(string column) => _reader.Schema.DataFields.Single(field => field.Name == column);

    private async Task<T[]> ReadAsync<T>(string column)
        where T : struct
    {
        var (field, values) = (Field(column), new List<T>());
        for (var index = 0; index < _reader.RowGroupCount; index++)
        {
            using var group = _reader.OpenRowGroupReader(index);
            values.AddRange(await ReadAsync<T>(group, field));
        }

        return [.. values];
    }

    private static async Task<T[]> ReadAsync<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        if (field.IsNullable)
        {
            var optional = new T?[group.RowCount];
            await group.ReadAsync(field, optional.AsMemory());
            return Array.ConvertAll(optional, value => value ?? throw new InvalidDataException($"column {field.Name} has a null"));
        }

        var values = new T[group.RowCount];
        await group.ReadAsync(field, values.AsMemory());
        return values;
    }
}
