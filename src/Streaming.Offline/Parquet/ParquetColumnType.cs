using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>What must be known of a column to convert its stored values.</summary>
/// <param name="Name">Its dotted name.</param>
/// <param name="Physical">How values are stored.</param>
/// <param name="MaxDefinition">The definition level of a value that is there; 0 where nulls are impossible.</param>
/// <param name="Repeated">Whether it is a list.</param>
/// <param name="Scale">Decimal places of a decimal stored as an integer.</param>
/// <param name="Unsigned32">Whether the 32 bits have no sign.</param>
/// <param name="HasUnit">For instants: whether the file says what their unit is.</param>
/// <param name="UnitsPerMilli">For instants: stored units in a millisecond; 1 where nothing is said.</param>
/// <param name="MillisPerUnit">For instants: milliseconds of a stored unit; a date's is a day.</param>
internal sealed record ParquetColumnType(
    string Name, PhysicalType Physical, short MaxDefinition, bool Repeated, int Scale, bool Unsigned32, bool HasUnit, long UnitsPerMilli, long MillisPerUnit)
{
    public static ParquetColumnType Of(ColumnDescriptor column)
    {
        using var logical = column.LogicalType;
        using var path = column.Path;
        return new(
            path.ToDotString(),
            column.PhysicalType,
            column.MaxDefinitionLevel,
            column.MaxRepetitionLevel > 0,
            logical is DecimalLogicalType number ? number.Scale : 0,
            logical is IntLogicalType { IsSigned: false, BitWidth: 32 },
            logical is TimestampLogicalType or DateLogicalType,
            logical is TimestampLogicalType time ? Units(time.TimeUnit) : 1,
            logical is DateLogicalType ? 86_400_000 : 1);
    }

    /// <summary>A stored integer as an instant; rounds towards the past, as a cut of finer units must.</summary>
    public long ToMillis(long stored)
    {
        var quotient = Math.DivRem(stored, UnitsPerMilli, out var rest);
        return checked((rest < 0 ? quotient - 1 : quotient) * MillisPerUnit);
    }

    private static long Units(TimeUnit unit) => unit switch
    {
        TimeUnit.Micros => 1_000,
        TimeUnit.Nanos => 1_000_000,
        _ => 1,
    };
}
