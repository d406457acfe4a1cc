using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Schemas;

public sealed class SchemaCompatibilitySpec
{
    [Theory]
    [InlineData("\"int\"", "\"int\"", true)]
    [InlineData("\"long\"", "\"int\"", true)]
    [InlineData("\"float\"", "\"long\"", true)]
    [InlineData("\"double\"", "\"float\"", true)]
    [InlineData("\"int\"", "\"long\"", false)]
    [InlineData("\"long\"", "\"double\"", false)]
    [InlineData("\"string\"", "\"bytes\"", true)]
    [InlineData("\"bytes\"", "\"string\"", true)]
    [InlineData("\"string\"", "\"int\"", false)]
    [InlineData("\"boolean\"", "\"int\"", false)]
    [InlineData("""["null","long"]""", "\"int\"", true)]
    [InlineData("\"long\"", """["null","long"]""", false)]
    [InlineData("\"long\"", """["int","long"]""", true)]
    [InlineData("""["null","string"]""", """["null","string","int"]""", false)]
    [InlineData("""{"type":"array","items":"double"}""", """{"type":"array","items":"int"}""", true)]
    [InlineData("""{"type":"array","items":"int"}""", """{"type":"array","items":"double"}""", false)]
    [InlineData("""{"type":"map","values":"double"}""", """{"type":"map","values":"int"}""", true)]
    [InlineData("""{"type":"map","values":"double"}""", """{"type":"array","items":"double"}""", false)]
    [InlineData("""{"type":"fixed","name":"F","size":4}""", """{"type":"fixed","name":"F","size":4}""", true)]
    [InlineData("""{"type":"fixed","name":"F","size":4}""", """{"type":"fixed","name":"F","size":5}""", false)]
    [InlineData("""{"type":"enum","name":"K","symbols":["a","b"]}""", """{"type":"enum","name":"K","symbols":["b"]}""", true)]
    [InlineData("""{"type":"enum","name":"K","symbols":["a"]}""", """{"type":"enum","name":"K","symbols":["a","b"]}""", false)]
    [InlineData("""{"type":"enum","name":"K","symbols":["a"],"default":"a"}""", """{"type":"enum","name":"K","symbols":["a","b"]}""", true)]
    [InlineData("""{"type":"enum","name":"K","symbols":["a"]}""", """{"type":"enum","name":"L","symbols":["a"]}""", false)]
    [InlineData("""{"type":"enum","name":"K","aliases":["L"],"symbols":["a"]}""", """{"type":"enum","name":"L","symbols":["a"]}""", true)]
    [InlineData("""{"type":"long","logicalType":"timestamp-millis"}""", "\"long\"", true)]
    public void Types_are_compatible_as_the_specification_says(string reader, string writer, bool compatible) =>
        Assert.Equal(compatible, SchemaCompatibility.Check(Record(reader), Record(writer)).IsEmpty);

    [Fact]
    public void A_fault_names_the_path_what_is_wrong_and_how_to_fix_it()
    {
        const string inner = """{"type":"array","items":{"type":"record","name":"Step","fields":[{"name":"at","type":"TYPE"}]}}""";
        var found = Assert.Single(SchemaCompatibility.Check(
            Record(inner.Replace("TYPE", "long", StringComparison.Ordinal)),
            Record(inner.Replace("TYPE", "string", StringComparison.Ordinal))));
        Assert.Equal(IncompatibilityKind.TypeMismatch, found.Kind);
        Assert.Equal(
            "E.x[].at: the writer has string, the reader long, and Avro does not convert between them; "
            + "keep the type, widen it (int, long, float, double; string and bytes), or use a new field with a default",
            found.ToString());
    }

    [Fact]
    public void A_new_field_needs_a_default_to_read_old_events()
    {
        var old = EventSchemas.Label;
        var without = Writers.With(old, """{"name":"by","type":"string"}""");
        var with = Writers.With(old, """{"name":"by","type":"string","default":"bank"}""");
        Assert.Equal(IncompatibilityKind.MissingDefault, Assert.Single(SchemaCompatibility.Check(without, old)).Kind);
        Assert.Empty(SchemaCompatibility.Check(with, old));
    }

    [Theory]
    [InlineData("\"double\"", "null")]
    [InlineData("\"double\"", "\"abc\"")]
    [InlineData("\"double\"", "\"1.5\"")]
    [InlineData("\"float\"", "1e39")]
    [InlineData("\"boolean\"", "\"yes\"")]
    [InlineData("\"string\"", "5")]
    [InlineData("\"string\"", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("\"int\"", "99999999999")]
    [InlineData("\"int\"", "-2147483649")]
    [InlineData("\"int\"", "1.0")]
    [InlineData("\"long\"", "9223372036854775808")]
    [InlineData("\"bytes\"", "\"\u0100\"")]
    [InlineData("""{"type":"long","logicalType":"timestamp-millis"}""", "\"now\"")]
    [InlineData("""{"type":"enum","name":"K","symbols":["a"]}""", "\"zzz\"")]
    [InlineData("""{"type":"fixed","name":"F","size":2}""", "\"a\"")]
    [InlineData("""{"type":"array","items":"int"}""", "[1,\"2\"]")]
    [InlineData("""{"type":"array","items":"int"}""", "{}")]
    [InlineData("""{"type":"map","values":"int"}""", """{"a":null}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}""", "{}")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}""", "{}")]
    [InlineData("""["null","int"]""", "\"x\"")]
    public void A_default_that_is_no_value_of_its_type_is_named_also_where_no_codec_needs_it(string type, string value)
    {
        var schema = Defaulting(type, value);
        Assert.Equal(IncompatibilityKind.InvalidDefault, Assert.Single(SchemaCompatibility.CheckDefaults(schema)).Kind);
        Assert.Equal(IncompatibilityKind.InvalidDefault, Assert.Single(SchemaCompatibility.Check(schema, Fields("""{"name":"y","type":"int"}"""))).Kind);
        Assert.Empty(SchemaCompatibility.Check(schema, schema));
        Assert.False(ColumnDecoder.Compile(Fields("""{"name":"y","type":"int"}"""), schema, EventSchemas.SourceOf("e", schema)).Succeeded);
    }

    [Theory]
    [InlineData("\"double\"", "1")]
    [InlineData("\"float\"", "-3.4e38")]
    [InlineData("\"int\"", "-2147483648")]
    [InlineData("\"long\"", "9223372036854775807")]
    [InlineData("\"bytes\"", "\"\u00ff\"")]
    [InlineData("""{"type":"enum","name":"K","symbols":["a"]}""", "\"a\"")]
    [InlineData("""{"type":"fixed","name":"F","size":2}""", "\"ab\"")]
    [InlineData("""{"type":"array","items":"int"}""", "[1,2]")]
    [InlineData("""{"type":"map","values":["null","int"]}""", """{"a":null,"b":1}""")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":1},{"name":"b","type":"string"}]}""", """{"b":"x"}""")]
    [InlineData("""["null","string"]""", "null")]
    [InlineData("""["null",{"type":"enum","name":"K","symbols":["a"]},"string"]""", "\"b\"")]
    public void A_default_of_its_type_is_taken(string type, string value) => Assert.Empty(SchemaCompatibility.CheckDefaults(Defaulting(type, value)));

    [Fact]
    public void A_wrong_default_says_what_it_is_and_how_to_fix_it() => Assert.Equal(
        "E.x[].a: its default null is not a value of double; make it nullable, or give it a default of its type",
        Assert.Single(SchemaCompatibility.CheckDefaults(
            Record("""{"type":"array","items":{"type":"record","name":"R","fields":[{"name":"a","type":"double","default":null}]}}"""))).ToString());

    [Theory]
    [InlineData(CompatibilityLevel.None, 0)]
    [InlineData(CompatibilityLevel.Backward, 0)]
    [InlineData(CompatibilityLevel.BackwardTransitive, 1)]
    [InlineData(CompatibilityLevel.Forward, 1)]
    [InlineData(CompatibilityLevel.ForwardTransitive, 2)]
    [InlineData(CompatibilityLevel.Full, 1)]
    [InlineData(CompatibilityLevel.FullTransitive, 3)]
    public void A_level_says_against_which_versions_and_in_which_direction(CompatibilityLevel level, int faults)
    {
        // v1 writes int; v2 reads long and has a default for y; the candidate needs y, which v1 does not write, and writes double.
        var v1 = Fields("""{"name":"x","type":"int"}""");
        var v2 = Fields("""{"name":"x","type":"long"},{"name":"y","type":"int","default":0}""");
        var candidate = Fields("""{"name":"x","type":"double"},{"name":"y","type":"int"}""");
        Assert.Equal(faults, SchemaCompatibility.Check(candidate, [v1, v2], level).Length);
    }

    [Fact]
    public void Recursive_schemas_are_compared_to_their_end()
    {
        var tree = Fields("""{"name":"left","type":["null","E"],"default":null},{"name":"v","type":"int"}""");
        var wider = Fields("""{"name":"left","type":["null","E"],"default":null},{"name":"v","type":"long"}""");
        Assert.Empty(SchemaCompatibility.Check(wider, tree));
        Assert.NotEmpty(SchemaCompatibility.Check(tree, wider));
    }

    [Theory]
    [InlineData("int", "int", 0)]
    [InlineData("long", "int", 0)]
    [InlineData("int", "string", 60)]
    public async Task Records_that_name_each_other_in_unions_are_compared_once_a_pair_and_not_once_a_path(string reader, string writer, int faults)
    {
        // 2^60 paths, from the last record to the first.
        var check = Task.Run(() => SchemaCompatibility.Check(Record(Ladder(60, reader)), Record(Ladder(60, writer))));
        var found = await check.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(faults, found.Length);
        Assert.All(found, fault => Assert.Equal((IncompatibilityKind.MissingUnionBranch, "E.x"), (fault.Kind, fault.Path)));

        static string Ladder(int records, string type) => $"[{string.Join(',', Enumerable.Range(0, records).Select(i => Rung(i, type)))}]";
        static string Rung(int i, string type) => i == 0
            ? $$"""{"type":"record","name":"R0","fields":[{"name":"v","type":"{{type}}"}]}"""
            : $$"""{"type":"record","name":"R{{i}}","fields":[{"name":"a","type":["null","R{{i - 1}}"]},{"name":"b","type":["R{{i - 1}}","null"]}]}""";
    }

    [Fact]
    public async Task Nested_arrays_in_unions_that_differ_at_the_bottom_are_compared_once_a_pair()
    {
        var check = Task.Run(() => SchemaCompatibility.Check(Record(Nested(25, "int")), Record(Nested(25, "string"))));
        var found = Assert.Single(await check.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal((IncompatibilityKind.MissingUnionBranch, "E.x"), (found.Kind, found.Path));

        static string Nested(int depth, string type) => depth == 0 ? $"\"{type}\"" : $$"""["null",{"type":"array","items":{{Nested(depth - 1, type)}}}]""";
    }

    [Fact]
    public void Random_schemas_are_compatible_where_the_naive_walk_of_every_path_says_so()
    {
        var (compatible, pairs) = (0, 1_000);
        for (var seed = 0; seed < pairs; seed++)
        {
            var schemas = new RandomSchemas(seed);
            var (reader, writer) = (schemas.Next(seed), schemas.Next(seed % 4 == 0 ? seed + 1 : seed));
            var expected = NaiveCompatibility.Takes(reader, writer);
            Assert.True(expected == SchemaCompatibility.Check(reader, writer).IsEmpty, $"seed {seed}: {expected} is expected of {reader} for {writer}");
            compatible += expected ? 1 : 0;
        }

        // Neither outcome is rare.
        Assert.InRange(compatible, pairs / 10, pairs * 9 / 10);
    }

    [Fact]
    public void Names_are_compared_by_alias_however_deep_the_records_are()
    {
        // Written one after the other, and deeper than JSON is read once each stands within the next.
        var records = Enumerable.Range(1, 40).Select(i => $$"""{"type":"record","name":"R{{i}}","fields":[{"name":"r","type":"R{{i - 1}}"}]}""");
        var all = string.Join(',', records.Prepend("""{"type":"record","name":"R0","fields":[{"name":"v","type":"int"}]}"""));
        var writer = Record($"[{all}]");
        var renamed = Record($"[{all.Replace("\"name\":\"R40\"", "\"name\":\"Q\",\"aliases\":[\"R40\"]", StringComparison.Ordinal)}]");
        Assert.Empty(SchemaCompatibility.Check(renamed, writer));
        Assert.Equal("E.x", Assert.Single(SchemaCompatibility.Check(writer, renamed)).Path);
    }

    [Fact]
    public void What_is_compatible_is_decoded_and_what_is_not_is_refused_by_the_compiler_or_at_the_value()
    {
        string[] types =
        [
            "\"int\"", "\"long\"", "\"float\"", "\"double\"", "\"string\"", "\"bytes\"", "\"boolean\"", """["null","long"]""", """["string","null"]""",
            """["int","string"]""", """{"type":"enum","name":"K","symbols":["a","b"]}""", """{"type":"enum","name":"K","symbols":["b"]}""",
        ];
        var columns = types.Where(type => EventSchemas.SourceOf("e", Record(type)).Fields.Length == 1).ToList();
        Assert.Equal(types.Length - 1, columns.Count);
        foreach (var (writerType, readerType) in types.SelectMany(_ => columns, (writer, reader) => (writer, reader)))
        {
            var (writer, reader) = (Record(writerType), Record(readerType));
            var random = new RandomEvents(17);
            var compiled = ColumnDecoder.Compile(writer, reader, EventSchemas.SourceOf("e", reader));
            var compatible = SchemaCompatibility.Check(reader, writer).IsEmpty;
            var decodesAll = compiled.Succeeded && Enumerable.Range(0, 40).All(_ => Decodes(compiled.Codec, ApacheAvro.Encode(random.Record(writer))));
            Assert.True(compatible == decodesAll, $"{writerType} read as {readerType}: compatible {compatible}, decodes {decodesAll}");
        }
    }

    private static bool Decodes(ColumnDecoder decoder, byte[] bytes) =>
        decoder.TryDecode(bytes, 0, bytes.Length, new Features.Events.EventBatch(decoder.Source, [], 1), 0, out _) == DecodeStatus.Ok;

    private static RecordSchema Record(string type) => Fields($$"""{"name":"x","type":{{type}}}""");

    private static RecordSchema Defaulting(string type, string value) => Fields($$"""{"name":"x","type":{{type}},"default":{{value}}}""");

    private static RecordSchema Fields(string fields) => Writers.Parse($$"""{"type":"record","name":"E","fields":[{{fields}}]}""");
}
