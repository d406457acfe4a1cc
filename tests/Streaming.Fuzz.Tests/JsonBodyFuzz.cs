using Streaming.Contracts.Codecs;
using Streaming.Contracts.Json;
using Streaming.Contracts.Schemas;

namespace Streaming.Fuzz.Tests;

public sealed class JsonBodyFuzz
{
    private static readonly byte[][] s_bodies =
    [
        """{"event_id":"e1","card_id":"c1","terminal_id":"t1","amount":12.5,"ts":1532529000000,"mcc":null,"fraud":true}"""u8.ToArray(),
        """{"event_id":"e\u00fc","user_id":"u1","session_id":"s","item_id":"i","kind":"view","price":1e2,"ts":"2024-02-29T12:30:15.123Z"}"""u8.ToArray(),
        """{"id":"i","reason":"r","detail":"d","topic":"t","partition":3,"offset":4,"timestamp":1532529000000,"value":"AP8="}"""u8.ToArray(),
        """{"features":[1,2.5,-3e-7],"reasons":["a","b"],"model":"m"}"""u8.ToArray(),
    ];

    [Fact]
    public void A_body_is_an_event_of_its_schema_or_a_fault()
    {
        var topics = EventSchemas.ByTopic.Keys.Order(StringComparer.Ordinal).Select(topic => new Topic(topic)).ToList();
        FuzzRun.Run(s_bodies, body => topics.ForEach(topic => topic.Check(body)));
    }

    private sealed class Topic(string name)
    {
        private readonly JsonEventReader _reader = new(EventSchemas.ByTopic[name]);
        private readonly ColumnDecoder _decoder = ColumnDecoder.Compile(EventSchemas.ByTopic[name], EventSchemas.ByTopic[name], EventSchemas.Sources[name]).Codec!;
        private readonly Features.Events.EventBatch _batch = new(EventSchemas.Sources[name], [], 1);

        public void Check(byte[] body)
        {
            var output = new AvroBuffer();
            if (!_reader.TryRead(body, output, out var faults))
            {
                Assert.NotEmpty(faults);
                Assert.Equal(0, output.Length);
                return;
            }

            Assert.Equal(DecodeStatus.Ok, _decoder.TryDecode(output.Array, 0, output.Length, _batch, 0, out _));
        }
    }
}
