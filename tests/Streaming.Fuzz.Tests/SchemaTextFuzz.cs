using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;

namespace Streaming.Fuzz.Tests;

public sealed class SchemaTextFuzz
{
    private static readonly string[] s_texts =
    [
        """{"type":"object"}""",
        """{"type":"object","properties":{"a":{"type":"varchar"}}}""",
        """["null",{"type":"array","items":{"type":"map","values":"long"}}]""",
        """{"type":"record","name":"E","aliases":["F"],"fields":[{"name":"x","type":["null","E",{"type":"fixed","name":"G","size":16,"logicalType":"duration"}],"default":null}]}""",
        """{"type":"record","name":"E","fields":[{"name":"x","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},{"name":"y","type":{"type":"int","logicalType":"date"},"default":1}]}""",
        """{"type":"record","name":"E","fields":[{"name":"k","type":{"type":"enum","name":"K","symbols":["a","b"],"default":"a"},"order":"ignore"}]}""",
        "syntax = \"proto3\"; message E {}",
        "\"string\"",
    ];

    [Fact]
    public void A_text_is_a_schema_or_a_fault_and_a_schema_is_readable_or_refused()
    {
        byte[][] corpus = [.. EventSchemas.ByTopic.Values.Select(schema => schema.ToString()).Concat(s_texts).Select(Encoding.UTF8.GetBytes)];
        FuzzRun.Run(corpus, bytes =>
        {
            if (!SchemaText.TryParse(Encoding.UTF8.GetString(bytes), out var schema, out var fault))
            {
                Assert.NotEmpty(fault);
                return;
            }

            foreach (var (topic, reader) in EventSchemas.ByTopic)
            {
                var compiled = ColumnDecoder.Compile(schema, reader, EventSchemas.Sources[topic]);
                Assert.Equal(compiled.Succeeded, compiled.Faults.IsEmpty);
                Assert.All(compiled.Faults, found => Assert.NotEmpty(found.ToString()));
                SchemaCompatibility.Check(schema, reader);
            }

            SchemaCompatibility.CheckDefaults(schema);
        });
    }
}
