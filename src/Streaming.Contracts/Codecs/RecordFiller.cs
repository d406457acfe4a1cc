using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Avro;
using Avro.Generic;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Fills the properties of a C# record with what Apache.Avro read; logical types were taken off before, so that instants are plain numbers.
/// </summary>
internal sealed class RecordFiller<T>
    where T : class
{
    private static readonly MethodInfo s_items =
        typeof(RecordFiller<T>).GetMethod(nameof(Items), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly ImmutableArray<(PropertyInfo Property, string Field, TimeUnit Unit)> _properties;

    public RecordFiller(RecordSchema writer, RecordSchema reader)
    {
        var properties = ImmutableArray.CreateBuilder<(PropertyInfo, string, TimeUnit)>();
        foreach (var field in reader.Fields)
        {
            if (RecordMap.PropertyOf(typeof(T), field.Name) is { } property)
            {
                RequireNull(property.PropertyType, field);
                var source = NameResolution.WriterOf(writer, reader, field) ?? field;
                var unit = UnitOf(source) is var written and not TimeUnit.None ? written : UnitOf(field);
                properties.Add((property, field.Name, unit));
            }
        }

        _properties = properties.ToImmutable();
    }

    public T Fill(GenericRecord record)
    {
        var filled = Activator.CreateInstance<T>();
        foreach (var (property, field, unit) in _properties)
        {
            if (record.GetValue(record.Schema[field].Pos) is { } value)
            {
                property.SetValue(filled, Convert(value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, unit));
            }
        }

        return filled;
    }

    private static object Convert(object value, Type type, TimeUnit unit) => value switch
    {
        GenericEnum symbol => RecordMap.SymbolValue(type, symbol.Value),
        byte[] bytes when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>(bytes),
        IList items when type.IsGenericType => s_items.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [items])!,
        IConvertible number when type == typeof(EventTime) =>
            new EventTime(TimeUnits.ToMillis(number.ToInt64(CultureInfo.InvariantCulture), unit)),
        _ => System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture),
    };

    private static ImmutableArray<TItem> Items<TItem>(IList items) =>
        [.. items.Cast<object>().Select(item => (TItem)Convert(item, typeof(TItem), TimeUnit.None))];

    private static TimeUnit UnitOf(Field field) =>
        SchemaFacts.Single(field.Schema, out _) is { } single ? TimeUnits.Of(single) : TimeUnit.None;

    /// <summary>A null would silently become a zero.</summary>
    private static void RequireNull(Type property, Field field)
    {
        SchemaFacts.Single(field.Schema, out var nullable);
        if (nullable && property.IsValueType && Nullable.GetUnderlyingType(property) is null)
        {
            throw new ArgumentException(
                $"a property of type {property} cannot hold the field {field.Name} of type {SchemaFacts.Describe(field.Schema)}; "
                + "see docs/schemas.md for the types that fit");
        }
    }
}
