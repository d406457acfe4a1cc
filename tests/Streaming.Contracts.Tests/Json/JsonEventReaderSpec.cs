using System.Collections.Immutable;
using System.Text;
using Avro.Generic;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Json;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Json;

public sealed class JsonEventReaderSpec
{
    private const string Full = """
        {"event_id":"e1","card_id":"c\u00fc","user_id":"u1","terminal_id":"t1","amount":12.5,"currency":"USD",
         "ts":"2026-01-31T12:00:00.250+01:00","mcc":"5411","country":null,"channel":"chip","fraud":false}
        """;

    [Theory]
    [InlineData("9007199254740992", true)]
    [InlineData("-9007199254740992", true)]
    [InlineData("9007199254740993", false)]
    [InlineData("-9007199254740993", false)]
    [InlineData("9007199254740992.5", false)]
    [InlineData("1.43E+17", false)]
    [InlineData("1e400", false)]
    [InlineData("1e-400", false)]
    [InlineData("0.0e-400", true)]
    [InlineData("4e-320", false)]
    [InlineData("0.1", true)]
    [InlineData("-0", true)]
    public void A_number_is_what_was_written_or_refused(string number, bool isTaken)
    {
        var reader = new JsonEventReader(Writers.Parse("""{"type":"record","name":"E","fields":[{"name":"x","type":"double"}]}"""));
        Assert.Equal(isTaken, reader.TryRead(System.Text.Encoding.UTF8.GetBytes($$"""{"x":{{number}}}"""), new AvroBuffer(), out var faults));
        Assert.True(isTaken || faults.Single().ToString() == $"x: found {number}, expected a number of at most 2^53 in magnitude");
    }

    [Fact]
    public void A_full_event_becomes_Avro_that_Apache_Avro_reads()
    {
        var record = Read(Full);
        Assert.Equal("cü", record["card_id"]);
        Assert.Equal(12.5, record["amount"]);
        Assert.Equal(new DateTime(2026, 1, 31, 11, 0, 0, 250, DateTimeKind.Utc), record["ts"]);
        Assert.Null(record["country"]);
        Assert.Equal(false, record["fraud"]);
    }

    [Fact]
    public void What_is_left_out_takes_its_default()
    {
        var record = Read("""{"ts":1769860800000,"amount":1,"terminal_id":"t","card_id":"c","event_id":"e"}""");
        Assert.Equal("EUR", record["currency"]);
        Assert.Null(record["user_id"]);
        Assert.Equal(new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc), record["ts"]);
    }

    [Theory]
    [InlineData("\"5\"", "\"double\"", "found \"5\", expected a number, without quotes")]
    [InlineData("null", "\"double\"", "found null, expected a number")]
    [InlineData("true", "[\"null\",\"float\"]", "found true, expected a number, or null")]
    [InlineData("\"5\"", "[\"null\",\"double\"]", "found \"5\", expected a number, without quotes, or null")]
    [InlineData("1e400", "[\"null\",\"double\"]", "found 1e400, expected a number of at most 2^53 in magnitude, or null")]
    public void What_is_no_number_is_not_said_to_be_too_large(string value, string type, string told)
    {
        var reader = new JsonEventReader(Writers.Parse($$"""{"type":"record","name":"E","fields":[{"name":"x","type":{{type}}}]}"""));
        Assert.False(reader.TryRead(System.Text.Encoding.UTF8.GetBytes($$"""{"x":{{value}}}"""), new AvroBuffer(), out var faults));
        Assert.Equal("x: " + told, Assert.Single(faults).ToString());
    }

    [Fact]
    public void All_faults_are_reported_together()
    {
        var faults = Faults("""{"event_id":7,"cardId":"c","terminal_id":null,"amount":"12","ts":"yesterday","fraud":1,"event_id":"again"}""");
        Assert.Equal(
            [
                "event_id: found 7, expected text",
                "cardId: found an unknown field, expected card_id?",
                "terminal_id: found null, expected text",
                "amount: found \"12\", expected a number, without quotes",
                "ts: found \"yesterday\", expected milliseconds since 1970 as an integer, or ISO 8601 text with an offset such as 2026-01-31T12:00:00Z",
                "fraud: found 1, expected true or false, or null",
                "event_id: found the field twice, expected it once",
                "card_id: found nothing, expected text",
            ],
            faults.Select(fault => fault.ToString()));
    }

    [Theory]
    [InlineData("1e400", "a number too large for a double")]
    [InlineData("-1e400", "a number too small for a double")]
    [InlineData("\"NaN\"", "a text")]
    [InlineData("[1]", "an array")]
    [InlineData("{\"a\":{}}", "an object")]
    public void An_amount_must_be_finite(string amount, string because) =>
        Assert.True(Faults(Full.Replace("12.5", amount, StringComparison.Ordinal)) is [{ Field: "amount" }], because);

    [Theory]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    [InlineData("\"2026-01-31T12:00:00\"")]
    [InlineData("\"2026-01-31\"")]
    [InlineData("true")]
    public void A_time_must_be_one_instant(string ts) =>
        Assert.Equal("ts", Assert.Single(Faults(Full.Replace("\"2026-01-31T12:00:00.250+01:00\"", ts, StringComparison.Ordinal))).Field);

    [Theory]
    [InlineData("1769857200", "1769857200, as milliseconds 1970-01-21T11:37:37.200Z: multiply seconds by 1000; no event is within 116 days of 1970")]
    [InlineData("0", "0, as milliseconds 1970-01-01T00:00:00.000Z: multiply seconds by 1000; no event is within 116 days of 1970")]
    public void A_time_in_seconds_is_refused_with_its_fix(string ts, string found)
    {
        var fault = Assert.Single(Faults(Full.Replace("\"2026-01-31T12:00:00.250+01:00\"", ts, StringComparison.Ordinal)));
        Assert.Equal(("ts", found), (fault.Field, fault.Found));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"event_id\":")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}")]
    public void What_is_no_object_is_one_fault_of_the_event(string json) => Assert.Contains(Faults(json), fault => fault.Field.Length == 0);

    [Fact]
    public void Enums_arrays_and_bytes_are_read_and_checked()
    {
        var click = """{"event_id":"e","user_id":"u","session_id":"s","item_id":"i","kind":"cart","ts":1532529000000}""";
        Assert.Equal("cart", ((GenericEnum)Read(click, EventSchemas.Clicks)["kind"]).Value);
        Assert.Equal("one of view, cart, purchase", Assert.Single(Faults(click.Replace("cart", "steal", StringComparison.Ordinal), EventSchemas.Clicks)).Expected);
        var score = """
            {"score_id":"s","card_id":"c","ts":1532529000000,"answered_at":1532529000001,"service":"f","model":"m","model_version":"1","features":[1,2.5,-3e2],"score":0.5,"decision":"ok"}
            """;
        Assert.Equal([1.0, 2.5, -300.0], ((object[])Read(score, EventSchemas.Scores)["features"]).Cast<double>());
        Assert.Equal("features[1]", Assert.Single(Faults(score.Replace("2.5", "\"x\"", StringComparison.Ordinal), EventSchemas.Scores)).Field);
        var letter = """{"id":"i","reason":"r","detail":"d","topic":"t","partition":3,"offset":4,"timestamp":1532529000000,"value":"AP8="}""";
        Assert.Equal([0, 255], (byte[])Read(letter, EventSchemas.DeadLetters)["value"]);
        Assert.Equal("partition", Assert.Single(Faults(letter.Replace(":3,", ":2147483648,", StringComparison.Ordinal), EventSchemas.DeadLetters)).Field);
    }

    [Fact]
    public void A_fault_leaves_the_output_as_it_was()
    {
        var output = new AvroBuffer();
        output.WriteBoolean(true);
        Assert.False(new JsonEventReader(EventSchemas.Transaction).TryRead("{}"u8, output, out _));
        Assert.Equal(1, output.Length);
    }

    [Fact]
    public void Any_bytes_are_an_event_or_faults_and_never_an_exception()
    {
        var seed = Random.Shared.Next();
        var (random, reader, output) = (new Random(seed), new JsonEventReader(EventSchemas.Transaction), new AvroBuffer());
        var decoder = RecordReader.Compile<Transaction>(EventSchemas.Transaction, EventSchemas.Transaction).Codec!;
        for (var i = 0; i < 20_000; i++)
        {
            var json = Encoding.UTF8.GetBytes(Full);
            for (var edits = random.Next(4); edits >= 0; edits--)
            {
                json[random.Next(json.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"\\\"{}[],:u0dDe-+."[random.Next(15)];
            }

            output.Clear();
            var read = reader.TryRead(json, output, out var faults);
            Assert.True(read == faults.IsEmpty && (!read || decoder.TryRead(output.Written, out _, out _)), $"seed {seed}: {Encoding.Latin1.GetString(json)}");
        }
    }

    [Fact]
    public void A_lone_surrogate_is_a_fault() => Assert.Equal("card_id", Assert.Single(Faults(Full.Replace("\\u00fc", "\\ud800", StringComparison.Ordinal))).Field);

    [Fact]
    public void Half_a_character_is_a_fault_of_its_field_wherever_it_stands()
    {
        const string click = """{"event_id":"e","user_id":"u","session_id":"s","item_id":"i","kind":"cart","ts":1532529000000}""";
        const string letter = """{"id":"i","reason":"r","detail":"d","topic":"t","partition":3,"offset":4,"timestamp":1532529000000,"value":"AP8="}""";
        Assert.Contains(Faults("""{"\ud800":1}"""), fault => fault is { Field: "\\ud800", Found: "an unknown field" });
        Assert.Equal("kind", Assert.Single(Faults(click.Replace("cart", "\\ud800", StringComparison.Ordinal), EventSchemas.Clicks)).Field);
        Assert.Equal("ts", Assert.Single(Faults(Full.Replace("2026-01-31T12:00:00.250+01:00", "2026-01T\\ud800Z", StringComparison.Ordinal))).Field);
        Assert.Equal("value", Assert.Single(Faults(letter.Replace("AP8=", "\\ud800", StringComparison.Ordinal), EventSchemas.DeadLetters)).Field);
    }

    private static GenericRecord Read(string json, string topic = EventSchemas.Transactions)
    {
        var output = new AvroBuffer();
        Assert.True(new JsonEventReader(EventSchemas.ByTopic[topic]).TryRead(Encoding.UTF8.GetBytes(json), output, out var faults), string.Join('\n', faults));
        return ApacheAvro.Decode(output.Written.ToArray(), EventSchemas.ByTopic[topic], EventSchemas.ByTopic[topic]);
    }

    private static ImmutableArray<JsonFault> Faults(string json, string topic = EventSchemas.Transactions)
    {
        Assert.False(new JsonEventReader(EventSchemas.ByTopic[topic]).TryRead(Encoding.UTF8.GetBytes(json), new AvroBuffer(), out var faults));
        return faults;
    }
}
