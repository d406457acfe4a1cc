using System.Collections.Immutable;
using System.Numerics;
using Avro;
using Newtonsoft.Json.Linq;

namespace Streaming.Contracts.Schemas;

/// <summary>
/// Whether the defaults of fields are values of their types, by the table in Avro's specification, section "Records"; Apache.Avro takes
/// any JSON. A union's default may be of any of its branches, as the specification says since 1.12; its codec takes the first that fits.
/// </summary>
internal static class DefaultValues
{
    private const char LastByte = '\u00FF';

    /// <summary>The wrong defaults of a schema, in all records within it; each record is looked at once.</summary>
    public static ImmutableArray<Incompatibility> Check(Schema schema, string path)
    {
        var found = ImmutableArray.CreateBuilder<Incompatibility>();
        Walk(schema, path, found, new(ReferenceEqualityComparer.Instance));
        return found.ToImmutable();
    }

    /// <summary>What is wrong with a field's default, if it has one, and with those of the records within the field.</summary>
    public static ImmutableArray<Incompatibility> Check(Field field, string path)
    {
        var found = ImmutableArray.CreateBuilder<Incompatibility>();
        CheckOne(field, path, found);
        Walk(field.Schema, path, found, new(ReferenceEqualityComparer.Instance));
        return found.ToImmutable();
    }

    /// <summary>
    /// Whether JSON is a value of a type. Where a record's field is left out its own default stands, which is checked where it is declared.
    /// </summary>
    public static bool Fits(Schema schema, JToken value) => (SchemaFacts.Base(schema), value.Type) switch
    {
        (UnionSchema union, _) => union.Schemas.Any(branch => Fits(branch, value)),
        (ArraySchema array, JTokenType.Array) => value.All(item => Fits(array.ItemSchema, item)),
        (MapSchema map, JTokenType.Object) => ((JObject)value).PropertyValues().All(item => Fits(map.ValueSchema, item)),
        (RecordSchema record, JTokenType.Object) =>
            record.Fields.TrueForAll(field => value[field.Name] is { } given ? Fits(field.Schema, given) : field.DefaultValue is not null),
        (EnumSchema symbols, JTokenType.String) => symbols.Contains((string)value!),
        (FixedSchema fixedSchema, JTokenType.String) => IsBytes((string)value!) && ((string)value!).Length == fixedSchema.Size,
        (
            { Tag: Schema.Type.Null },
            JTokenType.Null) or ({ Tag: Schema.Type.Boolean }, JTokenType.Boolean) or ({ Tag: Schema.Type.String }, JTokenType.String) =>
            true,
        ({ Tag: Schema.Type.Bytes }, JTokenType.String) => IsBytes((string)value!),
        ({ Tag: Schema.Type.Int }, JTokenType.Integer) => IsWithin(value, int.MinValue, int.MaxValue),
        ({ Tag: Schema.Type.Long }, JTokenType.Integer) => IsWithin(value, long.MinValue, long.MaxValue),
        ({ Tag: Schema.Type.Float }, JTokenType.Integer or JTokenType.Float) => float.IsFinite((float)(double)value),
        ({ Tag: Schema.Type.Double }, JTokenType.Integer or JTokenType.Float) => double.IsFinite((double)value),
        _ => false,
    };

    private static void Walk(Schema schema, string path, ImmutableArray<Incompatibility>.Builder found, HashSet<Schema> seen)
    {
        switch (SchemaFacts.Base(schema))
        {
            case UnionSchema union:
                union.Schemas.ToList().ForEach(branch => Walk(branch, path, found, seen));
                break;
            case ArraySchema array:
                Walk(array.ItemSchema, path + "[]", found, seen);
                break;
            case MapSchema map:
                Walk(map.ValueSchema, path + "{}", found, seen);
                break;
            case RecordSchema record when seen.Add(record):
                record.Fields.ForEach(field =>
                {
                    CheckOne(field, $"{path}.{field.Name}", found);
                    Walk(field.Schema, $"{path}.{field.Name}", found, seen);
                });
                break;
        }
    }

    private static void CheckOne(Field field, string path, ImmutableArray<Incompatibility>.Builder found)
    {
        if (field.DefaultValue is { } value && !Fits(field.Schema, value))
        {
            found.Add(new Incompatibility(
                IncompatibilityKind.InvalidDefault,
                path,
                $"its default {value.ToString(Newtonsoft.Json.Formatting.None)} is not a value of {SchemaFacts.Describe(field.Schema)}",
                Fix(value.Type)));
        }
    }

    private static string Fix(JTokenType type) => type switch
    {
        JTokenType.Null => "make it nullable, or give it a default of its type",
        JTokenType.Date => "Apache.Avro makes an instant of a text that looks like one; choose another text",
        _ => "give it a default of its type",
    };

    private static bool IsWithin(JToken value, long minimum, long maximum) =>
        value.ToObject<BigInteger>() is var number && number >= minimum && number <= maximum;

    private static bool IsBytes(string text) => text.All(character => character <= LastByte);
}
