using System.Globalization;
using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>What must be known of a column to convert its stored values.</summary>
/// <param name="Name">Its dotted name.</param>
/// <param name="Physical">How values are stored.</param>
/// <param name="Stored">The same for people: the logical type where there is one.</param>
/// <param name="Kind">What they are.</param>
/// <param name="MaxDefinition">The definition level of a value that is there; 0 where nulls are impossible.</param>
/// <param name="Repeated">Whether it is a list.</param>
/// <param name="Width">Bytes of a value of fixed length.</param>
/// <param name="Scale">Decimal places of a decimal.</param>
/// <param name="Unsigned32">Whether the 32 bits have no sign.</param>
/// <param name="IsUtc">For instants and times of day: whether they are UTC rather than local.</param>
/// <param name="UnitsPerSecond">For instants and times of day.</param>
internal sealed record ParquetColumnType(
    string Name,
    PhysicalType Physical,
    string Stored,
    CellKind Kind,
    short MaxDefinition,
    bool Repeated,
    int Width,
    int Scale,
    bool Unsigned32,
    bool IsUtc,
    long UnitsPerSecond)
{
    public static ParquetColumnType Of(ColumnDescriptor column)
    {
        using var logical = LogicalOf(column);
        using var path = column.Path;
        return new(
            path.ToDotString(),
            column.PhysicalType,
            Words(column.PhysicalType, logical),
            KindOf(column.PhysicalType, logical, column.TypeLength),
            column.MaxDefinitionLevel,
            column.MaxRepetitionLevel > 0,
            column.TypeLength,
            logical is DecimalLogicalType number ? number.Scale : 0,
            logical is IntLogicalType { IsSigned: false, BitWidth: 32 },
            logical is not (TimestampLogicalType { IsAdjustedToUtc: false } or TimeLogicalType { IsAdjustedToUtc: false }),
            logical is TimestampLogicalType instant ? PerSecond(instant.TimeUnit)
                : logical is TimeLogicalType time ? PerSecond(time.TimeUnit) : 1);
    }

    // A type that the library does not know, which newer writers may.
    private static LogicalType? LogicalOf(ColumnDescriptor column)
    {
        try
        {
            return column.LogicalType;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static CellKind KindOf(PhysicalType physical, LogicalType? logical, int width) =>
        (logical?.Type ?? LogicalTypeEnum.Undefined, physical) switch
        {
            (LogicalTypeEnum.Nil, _) => CellKind.Null,
            (LogicalTypeEnum.None, PhysicalType.Boolean) => CellKind.Flag,
            (LogicalTypeEnum.Int, PhysicalType.Int64) when logical is IntLogicalType { IsSigned: false } => CellKind.Unsigned,
            (LogicalTypeEnum.None or LogicalTypeEnum.Int, PhysicalType.Int32 or PhysicalType.Int64) => CellKind.Integer,
            (LogicalTypeEnum.None, PhysicalType.Float or PhysicalType.Double) => CellKind.Real,
            (LogicalTypeEnum.Float16, PhysicalType.FixedLenByteArray) when width == 2 => CellKind.Real,
            (LogicalTypeEnum.Decimal, not (PhysicalType.Boolean or PhysicalType.Int96 or PhysicalType.Float or PhysicalType.Double)) =>
                CellKind.Decimal,
            (LogicalTypeEnum.None or LogicalTypeEnum.String, PhysicalType.ByteArray) => CellKind.Text,
            (LogicalTypeEnum.Enum or LogicalTypeEnum.Json, PhysicalType.ByteArray) => CellKind.Text,
            (LogicalTypeEnum.Uuid, PhysicalType.FixedLenByteArray) when width == 16 => CellKind.Uuid,
            (LogicalTypeEnum.Date, PhysicalType.Int32) => CellKind.Date,
            (LogicalTypeEnum.Time, PhysicalType.Int32 or PhysicalType.Int64) => CellKind.TimeOfDay,
            (LogicalTypeEnum.Timestamp, PhysicalType.Int64) => CellKind.Instant,
            (LogicalTypeEnum.None, PhysicalType.Int96) => CellKind.Instant,
            _ => CellKind.Other,
        };

    private static string Words(PhysicalType physical, LogicalType? logical) => logical switch
    {
        null => $"a type that is not known here ({physical})",
        NoneLogicalType => physical.ToString(),
        DecimalLogicalType number => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({number.Precision},{number.Scale})"),
        IntLogicalType whole => string.Create(CultureInfo.InvariantCulture, $"{(whole.IsSigned ? "INT" : "UINT")}_{whole.BitWidth}"),
        _ => logical.Type.ToString().ToUpperInvariant(),
    };

    private static long PerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Nanos => 1_000_000_000,
        TimeUnit.Micros => 1_000_000,
        _ => 1_000,
    };
}
