using System.Globalization;

namespace Streaming.Offline.Datasets;

/// <summary>Names, texts and times as SQL has them.</summary>
internal static class Sql
{
    /// <summary>How a file is written that is read once, soon: to look for a dictionary would take longer than it saves.</summary>
    public const string PassingFile = "FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1";

    /// <summary>Types of DuckDB that are whole numbers of at most 64 bits.</summary>
    public static bool IsInteger(string type) =>
        type is "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER";

    /// <summary>Types that are numbers.</summary>
    public static bool IsNumber(string type) =>
        IsInteger(type) || type is "UBIGINT" or "HUGEINT" or "FLOAT" or "DOUBLE" || type.StartsWith("DECIMAL", StringComparison.Ordinal);

    /// <summary>Types that are instants, those without a zone in UTC.</summary>
    public static bool IsTime(string type) => type is "DATE" || type.StartsWith("TIMESTAMP", StringComparison.Ordinal);

    /// <summary>Types that are texts.</summary>
    public static bool IsText(string type) => type is "VARCHAR" or "UUID" || type.StartsWith("ENUM", StringComparison.Ordinal);

    /// <summary>A name.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>An instant.</summary>
    public static string Time(long millis)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(millis);
        return $"TIMESTAMPTZ '{time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)}+00'";
    }
}
