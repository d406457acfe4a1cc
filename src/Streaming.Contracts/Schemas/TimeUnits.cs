using Avro;

namespace Streaming.Contracts.Schemas;

/// <summary>The unit of a number that is an instant.</summary>
internal enum TimeUnit
{
    None,
    Millis,
    Micros,
    Nanos,
    Days,
}

/// <summary>What Avro's logical types say of instants. Local timestamps and dates have no zone and count as UTC.</summary>
internal static class TimeUnits
{
    private const long MillisPerDay = 86_400_000;

    public static TimeUnit Of(Schema schema) => schema is LogicalSchema logical
        ? (logical.BaseSchema.Tag, logical.LogicalTypeName) switch
        {
            (Schema.Type.Long, "timestamp-millis" or "local-timestamp-millis") => TimeUnit.Millis,
            (Schema.Type.Long, "timestamp-micros" or "local-timestamp-micros") => TimeUnit.Micros,
            (Schema.Type.Long, "timestamp-nanos" or "local-timestamp-nanos") => TimeUnit.Nanos,
            (Schema.Type.Int, "date") => TimeUnit.Days,
            _ => TimeUnit.None,
        }
        : TimeUnit.None;

    /// <summary>How many of a unit are a millisecond; 0 if a unit is longer.</summary>
    public static long PerMilli(TimeUnit unit) => unit switch
    {
        TimeUnit.Days => 0,
        TimeUnit.Micros => 1_000,
        TimeUnit.Nanos => 1_000_000,
        _ => 1,
    };

    /// <summary>Rounds towards the past, before 1970 too.</summary>
    public static long ToMillis(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Micros => MicrosToMillis(value),
        TimeUnit.Nanos => NanosToMillis(value),
        TimeUnit.Days => DaysToMillis(value),
        _ => value,
    };

    public static long MicrosToMillis(long micros) => Floor(micros, 1_000);

    public static long NanosToMillis(long nanos) => Floor(nanos, 1_000_000);

    public static long DaysToMillis(long days) => days * MillisPerDay;

    /// <summary>False if the unit has no such value: not a midnight, or beyond a long.</summary>
    public static bool TryFromMillis(long millis, TimeUnit unit, out long value)
    {
        var perMilli = PerMilli(unit);
        if (perMilli == 0)
        {
            value = millis / MillisPerDay;
            return millis % MillisPerDay == 0 && value == (int)value;
        }

        value = unchecked(millis * perMilli);
        return value / perMilli == millis;
    }

    private static long Floor(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);
}
