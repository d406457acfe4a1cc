using System.Text;
using Streaming.Log;

namespace Streaming.Chaos.Loads;

/// <summary>
/// A producer of the log: it appends batches, repeats those that fail, sends some records twice, and writes some that nobody can read.
/// </summary>
internal sealed class LogLoad(World world, Ledger ledger, EventMaker maker, TimeProvider clock)
{
    private const int KeptMax = 500;
    private readonly List<(string Topic, byte[] Key, byte[] Value)> _kept = [];

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var topic = maker.Topic();
            var ids = new List<string>();
            var records = new RecordBatch();
            for (var left = 1 + maker.Draw(40); left > 0; left--)
            {
                Add(records, topic, ids);
            }

            await AppendAsync(topic, records, stop);
            ids.ForEach(ledger.Acknowledge);
            if (maker.Draw(4) == 0)
            {
                await AppendBadAsync(stop);
            }

            await Task.Delay(5 + maker.Draw(30), stop);
        }
    }

    private void Add(RecordBatch records, string topic, List<string> ids)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (maker.Draw(25) == 0 && _kept.FindAll(each => each.Topic == topic) is { Count: > 0 } kept)
        {
            var again = kept[maker.Draw(kept.Count)];
            records.Add(0, now, again.Key, again.Value);
            ledger.Count("sent twice");
            return;
        }

        var each = maker.Event(topic);
        var (key, value) = (Encoding.UTF8.GetBytes(EventMaker.KeyOf(each)), EventMaker.Bytes(each, world.SchemaIds[topic]));
        records.Add(0, now, key, value);
        ids.Add(EventMaker.IdOf(each));
        _kept.Insert(0, (topic, key, value));
        if (_kept.Count > KeptMax)
        {
            _kept.RemoveAt(maker.Draw(_kept.Count));
        }
    }

    private async Task AppendBadAsync(CancellationToken stop)
    {
        var (topic, key, value) = maker.Bad(name => world.SchemaIds[name]);
        var records = new RecordBatch();
        records.Add(0, clock.GetUtcNow().ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes(key), value, valueIsNull: value is null);
        await AppendAsync(topic, records, stop);
        ledger.Count("bad");
    }

    private async Task AppendAsync(string topic, RecordBatch records, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await world.Log.AppendAsync(topic, records, CancellationToken.None);
                return;
            }
            catch (Exception failure) when (Load.IsOutage(failure))
            {
                // Some of it may be in the log: the next try is one more kind of duplicate.
                ledger.Count("appends repeated");
                await Task.Delay(100, stop);
            }
        }
    }
}
