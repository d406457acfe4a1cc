using System.Collections.Immutable;
using System.Linq.Expressions;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>Turns a schema into straight code that writes one C# record.</summary>
internal static class RecordWriterEmitter
{
    private static readonly ParameterExpression s_output = Expression.Parameter(typeof(AvroBuffer), "output");

    public static RecordWriter.WriteRecord<T> Compile<T>(RecordSchema schema)
    {
        var value = Expression.Parameter(typeof(T), "value");
        var steps = new List<Expression>();
        foreach (var field in schema.Fields)
        {
            steps.Add(RecordMap.PropertyOf(typeof(T), field.Name) is { } property
                ? Write(Expression.Property(value, property), field.Schema, field)
                : WriteDefault(field));
        }

        return Expression.Lambda<RecordWriter.WriteRecord<T>>(Expression.Block(typeof(void), steps), s_output, value).Compile();
    }

    private static Expression Write(Expression value, Schema schema, Field field)
    {
        if (schema is UnionSchema union)
        {
            return WriteUnion(value, union, field);
        }

        var type = value.Type;
        return SchemaFacts.Base(schema) switch
        {
            EnumSchema symbols when type.IsEnum => WriteSymbol(value, symbols),
            ArraySchema array when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) =>
                WriteItems(value, array, field),
            { Tag: Schema.Type.String } when type == typeof(string) => Output(nameof(AvroBuffer.WriteText), Required(value, field)),
            { Tag: Schema.Type.Bytes } when type == typeof(ReadOnlyMemory<byte>) =>
                Helper(nameof(RecordValues.WriteBytes), s_output, value),
            { Tag: Schema.Type.Boolean } when type == typeof(bool) => Output(nameof(AvroBuffer.WriteBoolean), value),
            { Tag: Schema.Type.Long } when type == typeof(EventTime) && TimeUnits.Of(schema) is not (TimeUnit.None or TimeUnit.Days) =>
                WriteTime(value, TimeUnits.Of(schema)),
            { Tag: Schema.Type.Int } when type == typeof(int) =>
                Output(nameof(AvroBuffer.WriteLong), Expression.Convert(value, typeof(long))),
            { Tag: Schema.Type.Long } when type == typeof(int) || type == typeof(long) =>
                Output(nameof(AvroBuffer.WriteLong), Expression.Convert(value, typeof(long))),
            { Tag: Schema.Type.Float } when type == typeof(float) => Output(nameof(AvroBuffer.WriteFloat), value),
            { Tag: Schema.Type.Double } when type == typeof(double) || type == typeof(float) =>
                Output(nameof(AvroBuffer.WriteDouble), Expression.Convert(value, typeof(double))),
            _ => throw new ArgumentException(
                $"a property of type {type} cannot fill the field {field.Name} of type {SchemaFacts.Describe(schema)}"),
        };
    }

    private static Expression WriteUnion(Expression value, UnionSchema union, Field field)
    {
        var single = SchemaFacts.Single(union, out var nullable)
            ?? throw new ArgumentException($"the field {field.Name} is a union of several types, which no property can fill");
        var isValueType = Nullable.GetUnderlyingType(value.Type) is not null;
        var inner = isValueType ? Expression.Property(value, "Value") : value;
        var write = Expression.Block(typeof(void), Index(union.Schemas.IndexOf(single)), Write(inner, single, field));
        if (!nullable || (value.Type.IsValueType && !isValueType))
        {
            return write;
        }

        var isNull = Expression.Equal(value, Expression.Constant(null, value.Type));
        return Expression.IfThenElse(isNull, Index(union.Schemas.ToList().FindIndex(branch => branch.Tag == Schema.Type.Null)), write);
    }

    private static MethodCallExpression WriteTime(Expression value, TimeUnit unit)
    {
        Expression millis = Expression.Property(value, nameof(EventTime.Millis));
        return Output(
            nameof(AvroBuffer.WriteLong),
            unit == TimeUnit.Millis ? millis : Expression.MultiplyChecked(millis, Expression.Constant(TimeUnits.PerMilli(unit))));
    }

    private static MethodCallExpression WriteSymbol(Expression value, EnumSchema symbols)
    {
        var cases = symbols.Symbols.Select((symbol, index) =>
            Expression.SwitchCase(Expression.Constant((long)index), Expression.Constant(RecordMap.SymbolValue(value.Type, symbol))));
        var unknown = Throw($"a value of {value.Type.Name} is not a symbol of the enum {symbols.Name}", typeof(long));
        return Output(nameof(AvroBuffer.WriteLong), Expression.Switch(value, unknown, [.. cases]));
    }

    private static MethodCallExpression WriteItems(Expression value, ArraySchema array, Field field)
    {
        var itemType = value.Type.GetGenericArguments()[0];
        var item = Expression.Parameter(itemType, "item");
        var writeItem = Expression.Lambda(
            typeof(RecordWriter.WriteRecord<>).MakeGenericType(itemType), Write(item, array.ItemSchema, field), s_output, item).Compile();
        var method = typeof(RecordValues).GetMethod(nameof(RecordValues.WriteItems))!.MakeGenericMethod(itemType);
        return Expression.Call(method, s_output, value, Expression.Constant(writeItem));
    }

    private static MethodCallExpression WriteDefault(Field field)
    {
        if (field.DefaultValue is null)
        {
            throw new ArgumentException(
                $"the field {field.Name} has neither a property nor a default; add a property of its name in PascalCase");
        }

        var encoded = new AvroBuffer();
        SchemaDefaults.Write(encoded, field.Schema, field.DefaultValue);
        return Helper(nameof(RecordValues.WriteRaw), s_output, Expression.Constant(encoded.Written.ToArray()));
    }

    private static BinaryExpression Required(Expression value, Field field) =>
        Expression.Coalesce(value, Throw($"the required field {field.Name} is null", value.Type));

    private static UnaryExpression Throw(string message, Type type) =>
        Expression.Throw(Expression.New(typeof(ArgumentException).GetConstructor([typeof(string)])!, Expression.Constant(message)), type);

    private static MethodCallExpression Index(int branch) => Output(nameof(AvroBuffer.WriteLong), Expression.Constant((long)branch));

    private static MethodCallExpression Output(string method, Expression value) =>
        Expression.Call(s_output, typeof(AvroBuffer).GetMethod(method)!, value);

    private static MethodCallExpression Helper(string method, params Expression[] arguments) =>
        Expression.Call(typeof(RecordValues).GetMethod(method)!, arguments);
}
