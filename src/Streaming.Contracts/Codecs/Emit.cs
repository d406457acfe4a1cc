using System.Linq.Expressions;
using System.Reflection;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Codecs;

/// <summary>The expressions of row decoders: reading primitives, choosing branches, skipping.</summary>
internal static class Emit
{
    /// <summary>The reader that every compiled decoder takes by reference.</summary>
    public static ParameterExpression Reader() => Expression.Parameter(typeof(AvroReader).MakeByRefType(), "reader");

    public static MethodCallExpression Call(Expression reader, string method, params Expression[] arguments) =>
        Expression.Call(reader, typeof(AvroReader).GetMethod(method, BindingFlags.Public | BindingFlags.Instance)!, arguments);

    /// <summary>A number of any width, as double; one that no double holds is a fault.</summary>
    public static Expression Number(Expression reader, Resolved.Scalar scalar) => scalar.Wire == Schema.Type.Long
        ? Call(reader, nameof(AvroReader.ReadWholeNumber))
        : Expression.Convert(Raw(reader, scalar.Wire), typeof(double));

    /// <summary>An instant in milliseconds, whatever the unit on the wire.</summary>
    public static Expression Millis(Expression reader, Resolved.Scalar scalar)
    {
        var value = Expression.Convert(Raw(reader, scalar.Wire), typeof(long));
        return scalar.Unit switch
        {
            TimeUnit.Micros => Convert(nameof(TimeUnits.MicrosToMillis), value),
            TimeUnit.Nanos => Convert(nameof(TimeUnits.NanosToMillis), value),
            TimeUnit.Days => Convert(nameof(TimeUnits.DaysToMillis), value),
            _ => value,
        };
    }

    /// <summary>A primitive of fixed size or a varint, as its own type.</summary>
    public static Expression Raw(Expression reader, Schema.Type wire) => wire switch
    {
        Schema.Type.Boolean => Call(reader, nameof(AvroReader.ReadBoolean)),
        Schema.Type.Int => Call(reader, nameof(AvroReader.ReadInt)),
        Schema.Type.Long => Call(reader, nameof(AvroReader.ReadLong)),
        Schema.Type.Float => Call(reader, nameof(AvroReader.ReadFloat)),
        Schema.Type.Double => Call(reader, nameof(AvroReader.ReadDouble)),
        _ => throw new ArgumentOutOfRangeException(nameof(wire), wire, "not a number or a boolean"),
    };

    /// <summary>Reads a union's branch and does what that branch asks for; nothing after a fault.</summary>
    public static Expression Branch(Expression reader, IReadOnlyList<Expression> branches)
    {
        var branch = Call(reader, nameof(AvroReader.ReadBranch), Expression.Constant(branches.Count));
        var cases = branches.Select(
            (body, index) => Expression.SwitchCase(Expression.Block(typeof(void), body), Expression.Constant(index)));
        return Expression.Switch(typeof(void), branch, Expression.Empty(), null, cases);
    }

    /// <summary>Passes over a value of the writer.</summary>
    public static Expression Skip(Expression reader, Schema schema)
    {
        switch (SchemaFacts.Base(schema))
        {
            case UnionSchema union:
                return Branch(reader, [.. union.Schemas.Select(branch => Skip(reader, branch))]);
            case RecordSchema record:
                return record.Fields.Count == 0
                    ? Expression.Empty()
                    : Expression.Block(typeof(void), record.Fields.Select(field => Skip(reader, field.Schema)));
            case ArraySchema array:
                return SkipItems(reader, array.ItemSchema);
            case MapSchema map:
                return SkipBlocks(
                    reader,
                    1 + SchemaFacts.MinBytes(map.ValueSchema),
                    Expression.Block(Call(reader, nameof(AvroReader.SkipBytes)), Skip(reader, map.ValueSchema)));
            case FixedSchema fixedSchema:
                return Call(reader, nameof(AvroReader.SkipFixed), Expression.Constant(fixedSchema.Size));
            default:
                return SkipPrimitive(reader, SchemaFacts.Base(schema).Tag);
        }
    }

    private static MethodCallExpression Convert(string method, Expression value) =>
        Expression.Call(typeof(TimeUnits).GetMethod(method)!, value);

    private static Expression SkipPrimitive(Expression reader, Schema.Type type) => type switch
    {
        Schema.Type.Null => Expression.Empty(),
        Schema.Type.Boolean => Call(reader, nameof(AvroReader.SkipFixed), Expression.Constant(1)),
        Schema.Type.Float => Call(reader, nameof(AvroReader.SkipFixed), Expression.Constant(4)),
        Schema.Type.Double => Call(reader, nameof(AvroReader.SkipFixed), Expression.Constant(8)),
        Schema.Type.Int or Schema.Type.Long or Schema.Type.Enumeration => Call(reader, nameof(AvroReader.SkipLong)),
        Schema.Type.String or Schema.Type.Bytes => Call(reader, nameof(AvroReader.SkipBytes)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a primitive"),
    };

    private static Expression SkipItems(Expression reader, Schema item)
    {
        int? size = SchemaFacts.Base(item) switch
        {
            { Tag: Schema.Type.Float } => 4,
            { Tag: Schema.Type.Double } => 8,
            { Tag: Schema.Type.Boolean } => 1,
            FixedSchema fixedSchema => fixedSchema.Size,
            var other when SchemaFacts.MinBytes(other) == 0 => 0,
            _ => null,
        };
        return size is { } bytes
            ? Call(reader, nameof(AvroReader.SkipFixedItems), Expression.Constant(bytes))
            : SkipBlocks(reader, SchemaFacts.MinBytes(item), Skip(reader, item));
    }

    /// <summary><c>for (int left; (left = SkipBlock(min)) > 0;) { do { item } while (--left > 0); }</c></summary>
    private static BlockExpression SkipBlocks(Expression reader, int minItemBytes, Expression item)
    {
        var left = Expression.Variable(typeof(int), "left");
        var (blocksDone, blockDone) = (Expression.Label(), Expression.Label());
        var items = Expression.Loop(
            Expression.Block(
                item,
                Expression.IfThen(
                    Expression.LessThanOrEqual(Expression.PreDecrementAssign(left), Expression.Constant(0)), Expression.Break(blockDone))),
            blockDone);
        var blocks = Expression.Loop(
            Expression.Block(
                Expression.Assign(left, Call(reader, nameof(AvroReader.SkipBlock), Expression.Constant(minItemBytes))),
                Expression.IfThen(Expression.LessThanOrEqual(left, Expression.Constant(0)), Expression.Break(blocksDone)),
                items),
            blocksDone);
        return Expression.Block(typeof(void), [left], blocks);
    }
}
