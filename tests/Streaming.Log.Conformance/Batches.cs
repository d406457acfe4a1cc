using System.Text;

namespace Streaming.Log.Conformance;

/// <summary>Makes and reads batches in tests.</summary>
public static class Batches
{
    /// <summary>2023-11-14: a time that brokers accept.</summary>
    public const long Epoch = 1_700_000_000_000;

    /// <summary>Records with a key and a value of text, a millisecond apart.</summary>
    public static RecordBatch Of(params (string Key, string Value)[] records)
    {
        var batch = new RecordBatch(1, 1);
        for (var i = 0; i < records.Length; i++)
        {
            batch.Add(0, Epoch + i, Encoding.UTF8.GetBytes(records[i].Key), Encoding.UTF8.GetBytes(records[i].Value));
        }

        return batch;
    }

    /// <summary>Records that tell their number.</summary>
    public static RecordBatch Numbered(int from, int count)
    {
        var batch = new RecordBatch();
        for (var i = from; i < from + count; i++)
        {
            batch.Add(0, Epoch + i, Encoding.UTF8.GetBytes($"key-{i}"), Encoding.UTF8.GetBytes($"value-{i}"));
        }

        return batch;
    }

    /// <summary>Values as text.</summary>
    public static string[] Values(RecordBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(i => Encoding.UTF8.GetString(batch.Value(i)))];

    /// <summary>Reads until there are so many records; each read is bounded in time.</summary>
    public static async Task<RecordBatch> ReadAsync(IPartitionReader reader, int records, int recordsMax = 10_000)
    {
        using var bound = new CancellationTokenSource(Bound);
        var all = new RecordBatch();
        while (all.Count < records)
        {
            var batch = await reader.ReadAsync(Math.Min(recordsMax, records - all.Count), bound.Token);
            for (var i = 0; i < batch.Count; i++)
            {
                all.Add(batch.Offsets[i], batch.Timestamps[i], batch.Key(i), batch.Value(i), batch.KeyLength[i] < 0, batch.ValueLength[i] < 0);
            }
        }

        return all;
    }

    /// <summary>How long a test waits for anything.</summary>
    public static TimeSpan Bound => TimeSpan.FromSeconds(30);
}
