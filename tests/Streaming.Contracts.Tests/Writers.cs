using System.Text.Json.Nodes;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests;

/// <summary>Older and newer writers of our events, made from today's schemas by the steps that evolution takes.</summary>
internal static class Writers
{
    /// <summary>Before the optional fields: another order, an amount in whole units, no currency.</summary>
    public static RecordSchema OldTransaction { get; } = Parse("""
        {"type":"record","name":"Transaction","namespace":"streaming.events","fields":[
          {"name":"ts","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"event_id","type":"string"},
          {"name":"card_id","type":"string"},
          {"name":"terminal_id","type":"string"},
          {"name":"amount","type":"int"}]}
        """);

    /// <summary>After many additions that we do not know: all of them are to be skipped.</summary>
    public static RecordSchema NewTransaction { get; } = Parse("""
        {"type":"record","name":"Transaction","namespace":"streaming.events","fields":[
          {"name":"event_id","type":"string"},
          {"name":"tags","type":{"type":"map","values":{"type":"array","items":"string"}}},
          {"name":"card_id","type":["string"]},
          {"name":"position","type":{"type":"record","name":"Position","fields":[{"name":"lat","type":"double"},{"name":"lon","type":["null","float"]}]}},
          {"name":"user_id","type":["string","null"]},
          {"name":"terminal_id","type":"string"},
          {"name":"digest","type":{"type":"fixed","name":"Digest","size":16}},
          {"name":"amount","type":["float","long","double"]},
          {"name":"currency","type":"string"},
          {"name":"steps","type":{"type":"array","items":{"type":"record","name":"Step","fields":[{"name":"at","type":"long"},{"name":"ok","type":"boolean"},{"name":"who","type":"string"}]}}},
          {"name":"prices","type":{"type":"array","items":"float"}},
          {"name":"flags","type":{"type":"array","items":"boolean"}},
          {"name":"nothings","type":{"type":"array","items":"null"}},
          {"name":"either","type":["null","int","string",{"type":"enum","name":"Side","symbols":["left","right"]},"bytes"]},
          {"name":"ts","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"mcc","type":"string"},
          {"name":"country","type":["null","string"]},
          {"name":"channel","type":"null"},
          {"name":"fraud","type":"boolean"}]}
        """);

    /// <summary>Another order, price as int, category missing, fewer symbols.</summary>
    public static RecordSchema OldClick { get; } = Parse("""
        {"type":"record","name":"Click","namespace":"streaming.events","fields":[
          {"name":"kind","type":{"type":"enum","name":"ClickKind","symbols":["purchase","view"]}},
          {"name":"price","type":["int","null"]},
          {"name":"ts","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"item_id","type":"string"},
          {"name":"session_id","type":"string"},
          {"name":"user_id","type":"string"},
          {"name":"event_id","type":"string"}]}
        """);

    /// <summary>Features as floats, no reasons, no watermark.</summary>
    public static RecordSchema OldScore { get; } = Without(
        Without(Parse(EventSchemas.Score.ToString().Replace("\"items\":\"double\"", "\"items\":\"float\"", StringComparison.Ordinal)), "reasons"),
        "watermark");

    /// <summary>Promotions that Avro allows and Apache.Avro's reader does not do: bytes as text and back, plain integers as instants.</summary>
    public static RecordSchema PlainLabel { get; } = Parse("""
        {"type":"record","name":"Label","namespace":"streaming.events","fields":[
          {"name":"transaction_id","type":"bytes"},
          {"name":"card_id","type":["bytes","string"]},
          {"name":"terminal_id","type":"string"},
          {"name":"transaction_ts","type":"int"},
          {"name":"fraud","type":"boolean"},
          {"name":"labelled_at","type":{"type":"long","logicalType":"timestamp-micros"}}]}
        """);

    public static RecordSchema Parse(string json) => (RecordSchema)Schema.Parse(json);

    public static RecordSchema Without(RecordSchema schema, string field)
    {
        var json = JsonNode.Parse(schema.ToString())!;
        var fields = json["fields"]!.AsArray();
        fields.Remove(fields.Single(node => (string)node!["name"]! == field));
        return Parse(json.ToJsonString());
    }

    public static RecordSchema With(RecordSchema schema, string field)
    {
        var json = JsonNode.Parse(schema.ToString())!;
        json["fields"]!.AsArray().Add(JsonNode.Parse(field));
        return Parse(json.ToJsonString());
    }
}
