using System.Globalization;
using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>
/// Which columns take the values of a logical type: the table in docs/schemas.md. Avro's own rules look at the type below only, and would
/// take a decimal's bytes for a text, a date for a number of milliseconds, and an instant for an amount.
/// </summary>
internal static class LogicalTypes
{
    /// <summary>Whether a reader takes what a writer's logical type means; null if Avro's promotions alone decide.</summary>
    public static bool? Takes(Schema reader, Schema writer)
    {
        if (reader is UnionSchema || writer is not LogicalSchema)
        {
            return null;
        }

        if (TimeUnits.Of(writer) is var unit and not TimeUnit.None)
        {
            return TimeUnits.Of(reader) is var wanted and not TimeUnit.None && (wanted != TimeUnit.Days || unit == TimeUnit.Days);
        }

        return NameOf(writer) is not { } name ? null
            : NameOf(reader) == name && ScaleOf(reader) == ScaleOf(writer) ? null
            : ScaleOf(writer) is not null && reader.Tag is Schema.Type.Double or Schema.Type.Float;
    }

    /// <summary>Whether no column holds such values: they are read as numbers, or not at all.</summary>
    public static bool HasNoColumn(Schema schema) => NameOf(schema) is not null;

    /// <summary>The digits after a decimal's point; null for other types.</summary>
    public static int? ScaleOf(Schema schema) => NameOf(schema) == "decimal"
        ? int.Parse(schema.GetProperty("scale") ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : null;

    // TimeUnits handles instants; a uuid is text; other logical types have the value of their base type.
    private static string? NameOf(Schema schema) => schema is LogicalSchema logical
        ? (logical.BaseSchema.Tag, logical.LogicalTypeName) switch
        {
            (Schema.Type.Bytes or Schema.Type.Fixed, "decimal") => "decimal",
            (Schema.Type.Bytes, "big-decimal") => "big-decimal",
            (Schema.Type.Int, "time-millis") => "time-millis",
            (Schema.Type.Long, "time-micros") => "time-micros",
            (Schema.Type.Fixed, "duration") => "duration",
            _ => null,
        }
        : null;
}
