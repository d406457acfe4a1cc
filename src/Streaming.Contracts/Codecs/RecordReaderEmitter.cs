using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>Turns a resolution into straight code that makes one C# record.</summary>
internal static class RecordReaderEmitter
{
    public static RecordReader.ReadRecord<T> Compile<T>(Resolved.Fields fields)
    {
        var reader = Emit.Reader();
        var (steps, locals, bindings) = (new List<Expression>(), new List<ParameterExpression>(), new List<MemberBinding>());
        foreach (var field in fields.Written)
        {
            if (field.Reader is { } target && RecordMap.PropertyOf(typeof(T), target.Name) is { } property)
            {
                RequireNull(property.PropertyType, target);
                var local = Expression.Variable(property.PropertyType, target.Name);
                locals.Add(local);
                bindings.Add(Expression.Bind(property, local));
                steps.Add(Assign(reader, local, field.Value!, target));
            }
            else
            {
                steps.Add(Emit.Skip(reader, field.Writer.Schema));
            }
        }

        bindings.AddRange(fields.Missing.Select(field => Default<T>(field)).OfType<MemberBinding>());
        steps.Add(Expression.MemberInit(Expression.New(typeof(T)), bindings));
        return Expression.Lambda<RecordReader.ReadRecord<T>>(Expression.Block(locals, steps), reader).Compile();
    }

    private static Expression Assign(ParameterExpression reader, ParameterExpression local, Resolved value, Field field) => value switch
    {
        Resolved.Null => Expression.Assign(local, Expression.Default(local.Type)),
        Resolved.Branches branches => Emit.Branch(reader, [.. branches.OfWriter.Select(branch => Assign(reader, local, branch, field))]),
        Resolved.Unreadable or Resolved.Unmapped or Resolved.Fields => Emit.Call(reader, nameof(AvroReader.FailUnreadable)),
        _ => Expression.Assign(local, Fit(Value(reader, value, local.Type, field), local.Type, field)),
    };

    private static Expression Value(ParameterExpression reader, Resolved value, Type target, Field field)
    {
        var type = Nullable.GetUnderlyingType(target) ?? target;
        return value switch
        {
            Resolved.Symbols symbols => Symbol(reader, symbols, type),
            Resolved.Items items => Items(reader, items, type, field),
            Resolved.Scalar scalar when type == typeof(EventTime) => Expression.New(typeof(EventTime).GetConstructor([typeof(long)])!, Emit.Millis(reader, scalar)),
            Resolved.Scalar { Value: Schema.Type.String } => Helper(nameof(RecordValues.Text), reader),
            Resolved.Scalar { Value: Schema.Type.Bytes } => Helper(nameof(RecordValues.Bytes), reader),
            Resolved.Scalar scalar => Expression.Convert(Emit.Raw(reader, scalar.Wire), ClrOf(scalar.Value)),
            _ => throw Unfit(target, field),
        };
    }

    private static IndexExpression Symbol(ParameterExpression reader, Resolved.Symbols symbols, Type type)
    {
        var values = Array.CreateInstance(type, symbols.Reader.Symbols.Count + 1);
        for (var i = 0; i < symbols.Reader.Symbols.Count; i++)
        {
            values.SetValue(RecordMap.SymbolValue(type, symbols.Reader.Symbols[i]), i + 1);
        }

        var index = Emit.Call(reader, nameof(AvroReader.ReadSymbol), Expression.Constant(symbols.WriterToReader));
        return Expression.ArrayAccess(Expression.Constant(values), Expression.Increment(index));
    }

    private static MethodCallExpression Items(ParameterExpression reader, Resolved.Items items, Type type, Field field)
    {
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(ImmutableArray<>))
        {
            throw Unfit(type, field);
        }

        var itemType = type.GetGenericArguments()[0];
        var itemReader = Emit.Reader();
        var local = Expression.Variable(itemType, "item");
        var body = Expression.Block([local], Assign(itemReader, local, items.Item, field), local);
        var readItem = Expression.Lambda(typeof(RecordReader.ReadRecord<>).MakeGenericType(itemType), body, itemReader).Compile();
        return Expression.Call(
            typeof(RecordValues).GetMethod(nameof(RecordValues.Items))!.MakeGenericMethod(itemType),
            reader,
            Expression.Constant(readItem),
            Expression.Constant(items.MinItemBytes));
    }

    /// <summary>What a property without a written field gets: the schema's default, decoded once; a null is left to the property.</summary>
    private static MemberAssignment? Default<T>(Field field)
    {
        if (RecordMap.PropertyOf(typeof(T), field.Name) is not { } property)
        {
            return null;
        }

        RequireNull(property.PropertyType, field);
        if (SchemaDefaults.IsNull(field))
        {
            return null;
        }

        var encoded = new AvroBuffer();
        SchemaDefaults.Write(encoded, field.Schema, field.DefaultValue!);
        var reader = Emit.Reader();
        var local = Expression.Variable(property.PropertyType, field.Name);
        var decode = Expression.Lambda(
            typeof(RecordReader.ReadRecord<>).MakeGenericType(typeof(object)),
            Expression.Block([local], Assign(reader, local, SchemaResolver.Identity(field.Schema), field), Expression.Convert(local, typeof(object))),
            reader);
        var value = Decoded((RecordReader.ReadRecord<object>)decode.Compile(), encoded) ?? throw Unfit(property.PropertyType, field);
        return Expression.Bind(property, Expression.Constant(value, property.PropertyType));
    }

    /// <summary>The value; null where the property's type has no place for it.</summary>
    private static object? Decoded(RecordReader.ReadRecord<object> decode, AvroBuffer encoded)
    {
        var reader = new AvroReader(encoded.Written);
        var value = decode(ref reader);
        return reader.Finish().Kind == DecodeFaultKind.None ? value : null;
    }

    private static Expression Fit(Expression value, Type target, Field field)
    {
        if (value.Type == target)
        {
            return value;
        }

        var underlying = Nullable.GetUnderlyingType(target) ?? target;
        return value.Type == underlying || IsWider(value.Type, underlying) ? Expression.Convert(value, target) : throw Unfit(target, field);
    }

    /// <summary>A null would silently become a zero.</summary>
    private static void RequireNull(Type property, Field field)
    {
        SchemaFacts.Single(field.Schema, out var nullable);
        if (nullable && property.IsValueType && Nullable.GetUnderlyingType(property) is null)
        {
            throw Unfit(property, field);
        }
    }

    private static bool IsWider(Type from, Type to) =>
        (from == typeof(int) && (to == typeof(long) || to == typeof(double))) || (from == typeof(float) && to == typeof(double));

    private static Type ClrOf(Schema.Type type) => type switch
    {
        Schema.Type.Boolean => typeof(bool),
        Schema.Type.Int => typeof(int),
        Schema.Type.Long => typeof(long),
        Schema.Type.Float => typeof(float),
        _ => typeof(double),
    };

    private static MethodCallExpression Helper(string method, Expression reader) =>
        Expression.Call(typeof(RecordValues).GetMethod(method, BindingFlags.Public | BindingFlags.Static)!, reader);

    private static ArgumentException Unfit(Type target, Field field) =>
        new($"a property of type {target} cannot hold the field {field.Name} of type {SchemaFacts.Describe(field.Schema)}; see docs/schemas.md for the types that fit");
}
