using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Tests.Schemas;

public sealed class EventSchemasSpec
{
    [Fact]
    public void A_transaction_offers_its_fields_as_columns() => Assert.Equal(
        [
            new SourceField("event_id", FieldType.Text, false),
            new SourceField("card_id", FieldType.Text, false),
            new SourceField("user_id", FieldType.Text, true),
            new SourceField("terminal_id", FieldType.Text, false),
            new SourceField("amount", FieldType.Number, false),
            new SourceField("currency", FieldType.Text, false),
            new SourceField("ts", FieldType.Time, false),
            new SourceField("mcc", FieldType.Text, true),
            new SourceField("country", FieldType.Text, true),
            new SourceField("channel", FieldType.Text, true),
            new SourceField("fraud", FieldType.Flag, true),
        ],
        EventSchemas.Sources["transactions"].Fields.AsEnumerable());

    [Fact]
    public void Arrays_have_no_column() => Assert.Equal(-1, EventSchemas.Sources["scores"].IndexOf("features"));

    [Fact]
    public void An_enum_is_text() => Assert.Equal(FieldType.Text, EventSchemas.Sources["clicks"].Fields[EventSchemas.Sources["clicks"].IndexOf("kind")].Type);

    [Fact]
    public void A_subject_is_named_after_its_topic() => Assert.Equal("transactions-value", EventSchemas.SubjectOf(EventSchemas.Transactions));

    [Fact]
    public void Every_optional_field_has_a_default_so_that_older_events_are_read()
    {
        foreach (var (topic, schema) in EventSchemas.ByTopic)
        {
            Assert.All(schema.Fields.Where(field => field.Schema.Tag == Avro.Schema.Type.Union), field => Assert.True(field.DefaultValue is not null, $"{topic}.{field.Name}"));
        }
    }
}
