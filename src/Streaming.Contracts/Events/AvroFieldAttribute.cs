namespace Streaming.Contracts.Events;

/// <summary>The name of a property's Avro field, where it is not the property's own name in snake_case.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AvroFieldAttribute(string name) : Attribute
{
    /// <summary>The field's name in the schema.</summary>
    public string Name { get; } = name;
}
