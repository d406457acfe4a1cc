using System.Collections;
using System.Collections.Immutable;
using Avro.Generic;
using Streaming.Contracts.Codecs;
using Streaming.Features.Events;

namespace Streaming.Contracts.Tests.Codecs;

/// <summary>The naive twin of the mapping between Avro's generic values, C# records and columns: reflection, one value at a time.</summary>
internal static class Expected
{
    public static long Millis(object value) => value is DateTime time
        ? (long)Math.Floor((time - DateTime.UnixEpoch).Ticks / (double)TimeSpan.TicksPerMillisecond)
        : Convert.ToInt64(value, null);

    public static void RecordEquals(GenericRecord expected, object actual, string because)
    {
        foreach (var field in expected.Schema.Fields)
        {
            var property = RecordMap.PropertyOf(actual.GetType(), field.Name)!;
            var (want, have) = (Plain(expected.GetValue(field.Pos)), Plain(property.GetValue(actual)));
            Assert.True(Same(want, have), $"{because}, field {field.Name}: expected {want}, found {have}");
        }
    }

    public static void RowEquals(GenericRecord expected, EventBatch batch, int row, string because)
    {
        for (var i = 0; i < batch.Source.Fields.Length; i++)
        {
            if (batch[i] is { } column)
            {
                expected.TryGetValue(batch.Source.Fields[i].Name, out var value);
                var (want, have) = (Cell(batch.Source.Fields[i].Type, value), Cell(column, row));
                Assert.True(Same(want, have), $"{because}, row {row}, field {batch.Source.Fields[i].Name}: expected {want ?? "null"}, found {have ?? "null"}");
            }
        }
    }

    /// <summary>A value in a form in which generic values and properties can be compared.</summary>
    private static object? Plain(object? value) => value switch
    {
        GenericEnum symbol => symbol.Value,
        Enum symbol => RecordMap.SnakeCase(symbol.ToString()),
        DateTime time => Millis(time),
        EventTime time => time.Millis,
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        byte[] bytes => Convert.ToHexString(bytes),
        int or long or float or double => Convert.ToDouble(value, null),
        ImmutableArray<double> items => string.Join(' ', items),
        IEnumerable items and not string => string.Join(' ', items.Cast<object>().Select(Plain)),
        _ => value,
    };

    private static object? Cell(FieldType type, object? value) => value is null ? null : type switch
    {
        FieldType.Number => Convert.ToDouble(value, null) is var number && double.IsNaN(number) ? null : number,
        FieldType.Flag => (bool)value ? 1.0 : 0.0,
        FieldType.Time => Millis(value),
        _ => value switch
        {
            byte[] bytes => Convert.ToHexString(bytes),
            GenericEnum symbol => Hex(symbol.Value),
            _ => Hex((string)value),
        },
    };

    private static object? Cell(EventColumn column, int row) => column switch
    {
        NumberColumn numbers => double.IsNaN(numbers.Values[row]) ? null : numbers.Values[row],
        TimeColumn times => times.Values[row] == TimeColumn.Null ? null : times.Values[row],
        TextColumn texts => texts.IsNull(row) ? null : Convert.ToHexString(texts[row]),
        _ => throw new InvalidOperationException(column.GetType().Name),
    };

    private static string Hex(string text) => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text));

    private static bool Same(object? want, object? have) => (want, have) switch
    {
        (long time, double number) => time == number,
        (double number, long time) => time == number,
        _ => Equals(want, have),
    };
}
