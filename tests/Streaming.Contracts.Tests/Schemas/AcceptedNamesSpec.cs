using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Schemas;

public sealed class AcceptedNamesSpec
{
    [Theory]
    [InlineData("record", "", true)]
    [InlineData("record", "com.acme", true)]
    [InlineData("Payment", "com.acme", true)]
    [InlineData("Click", "com.acme", true)]
    [InlineData("Pageview", "", false)]
    public void A_writers_record_is_ours_by_its_unqualified_name_or_an_accepted_one(string name, string space, bool isOurs)
    {
        var writer = Schema.Parse(EventSchemas.Click.ToString().Replace("\"name\":\"Click\"", $"\"name\":\"{name}\"", StringComparison.Ordinal)
            .Replace("streaming.events", space, StringComparison.Ordinal));
        var reader = AcceptedNames.Add(EventSchemas.Click, ["record", "org.other.Payment"]);
        var compiled = ColumnDecoder.Compile(writer, reader, EventSchemas.Sources[EventSchemas.Clicks]);
        Assert.Equal(isOurs, compiled.Succeeded);
        Assert.All(compiled.Faults, fault => Assert.Equal(IncompatibilityKind.NameMismatch, fault.Kind));
    }

    [Fact]
    public void An_enum_may_have_an_accepted_name()
    {
        var writer = Schema.Parse(EventSchemas.Click.ToString().Replace("\"name\":\"ClickKind\"", "\"name\":\"kind\"", StringComparison.Ordinal));
        Assert.False(ColumnDecoder.Compile(writer, EventSchemas.Click, EventSchemas.Sources[EventSchemas.Clicks]).Succeeded);
        Assert.True(ColumnDecoder.Compile(writer, AcceptedNames.Add(EventSchemas.Click, ["kind"]), EventSchemas.Sources[EventSchemas.Clicks]).Succeeded);
    }

    [Fact]
    public void Without_names_the_schema_stays_as_it_is() => Assert.Same(EventSchemas.Click, AcceptedNames.Add(EventSchemas.Click, []));
}
