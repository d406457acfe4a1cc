using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Schemas;

public sealed class SchemaTextSpec
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"card_id":{"type":"string"}}}""", "JSON Schema")]
    [InlineData("""{"type":"object"}""", "{\"type\":\"object\"}")]
    [InlineData("""{"type":"varchar"}""", "{\"type\":\"varchar\"}")]
    [InlineData("""{"type":{"type":"varchar"}}""", "varchar")]
    [InlineData("""{"type":"array","items":{"type":"varchar"}}""", "varchar")]
    [InlineData("""{"type":"map","values":{"type":"varchar"}}""", "varchar")]
    [InlineData("""[{"type":"varchar"}]""", "varchar")]
    [InlineData("""{"type":"record","name":"E","fields":[{"name":"x","type":{"type":"varchar"}}]}""", "varchar")]
    [InlineData("syntax = \"proto3\";\nmessage Transaction {}", "Protobuf: syntax = \"proto3\"; message Transaction {}")]
    [InlineData("<html>no such page</html>", "XML or HTML")]
    [InlineData("", "an empty text")]
    [InlineData("\u0001", "not an Avro schema")]
    public void What_is_no_Avro_schema_says_what_it_is(string text, string expected)
    {
        Assert.False(SchemaText.TryParse(text, out var schema, out var fault));
        Assert.Null(schema);
        Assert.StartsWith("not an Avro schema but ", fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [InlineData("\"string\"", "string")]
    [InlineData("null", "null")]
    [InlineData("[]", "[]")]
    [InlineData("""["null","int"]""", "[null, int]")]
    [InlineData("""{"type":"array","items":"bytes"}""", "array of bytes")]
    [InlineData("""{"type":"error","name":"E","fields":[]}""", "E")]
    public void An_Avro_schema_that_is_no_event_is_refused_by_what_it_is(string text, string expected)
    {
        Assert.True(SchemaText.TryParse(text, out var schema, out _));
        var fault = Assert.Single(ColumnDecoder.Compile(schema, EventSchemas.Label, EventSchemas.Sources["labels"]).Faults.Take(1));
        Assert.Contains(expected, fault.ToString(), StringComparison.Ordinal);
    }
}
