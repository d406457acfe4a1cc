using System.Collections.Immutable;
using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Tests;

public sealed class ReadDecoderSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reads_are_used_again_but_not_those_with_room_for_far_more_records()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        var schemas = harness.NewSchemas();
        Assert.Null(await schemas.LoadAsync(harness.Events.TransactionId, CancellationToken.None));
        var decoder = new ReadDecoder(harness.Plan, 0, schemas, TimeProvider.System);
        decoder.BeginRun(ImmutableDictionary<(long Offset, int Feed), string>.Empty, 0, SettledEvents.None);
        var value = harness.Events.Bytes(Events.Transaction("c", Events.Start));

        var large = Applied(10_000);
        Assert.Same(large, Applied(10_000));
        Assert.Null(large.Records);
        Assert.Same(large, Applied(1));
        var small = Applied(1);
        Assert.NotSame(large, small);
        Assert.Same(small, Applied(1));

        DecodedRead Applied(int count)
        {
            var records = new RecordBatch();
            for (var offset = 0; offset < count; offset++)
            {
                records.Add(offset, Events.Start, "k"u8, value);
            }

            var read = decoder.Decode(records, count);
            decoder.Release(read);
            return read;
        }
    }
}
