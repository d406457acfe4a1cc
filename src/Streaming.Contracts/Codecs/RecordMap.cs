using System.Reflection;
using System.Text;
using Avro;
using Streaming.Contracts.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>Which property of a C# record is which Avro field or symbol: the same name, PascalCase here and snake_case there.</summary>
internal static class RecordMap
{
    /// <summary>The property of a field, or null.</summary>
    public static PropertyInfo? PropertyOf(Type record, string field) =>
        record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(property => property.SetMethod is not null && FieldNameOf(property) == field);

    /// <summary>Properties without a field: a mistake in the code, not in the data.</summary>
    public static void RequireFields(Type record, RecordSchema schema)
    {
        foreach (var property in record.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not null && !schema.Fields.Exists(field => field.Name == FieldNameOf(property)))
            {
                throw new ArgumentException(
                    $"{record.Name}.{property.Name} has no field {FieldNameOf(property)} in the schema {schema.Fullname}; add the field, " +
                    "or name it with [AvroField]");
            }
        }
    }

    /// <summary>The symbol's value in a C# enum.</summary>
    public static object SymbolValue(Type enumeration, string symbol)
    {
        foreach (var name in Enum.GetNames(enumeration))
        {
            if (SnakeCase(name) == SnakeCase(symbol))
            {
                return Enum.Parse(enumeration, name);
            }
        }

        throw new ArgumentException(
            $"the enum {enumeration.Name} has no value for the symbol {symbol}; add one of that name in PascalCase");
    }

    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0 && text[^1] != '_')
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    private static string FieldNameOf(PropertyInfo property) =>
        property.GetCustomAttribute<AvroFieldAttribute>()?.Name ?? SnakeCase(property.Name);
}
