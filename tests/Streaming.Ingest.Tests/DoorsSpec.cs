using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts.Registry;
using Streaming.Engine.Sources;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Offline.Histories;
using Streaming.Offline.Parquet;

namespace Streaming.Ingest.Tests;

/// <summary>The same event has the same key and bytes, or is refused, whether it comes as JSON or from a file.</summary>
public sealed class DoorsSpec : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeMilliseconds(1_785_000_000_000);
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(10);
    private readonly TempFolder _folder = new();
    private EventConnection _connection = null!;

    public Task InitializeAsync()
    {
        var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"]));
        var partitions = ImmutableSortedDictionary<string, int>.Empty;
        _connection = new EventConnection(log, new EmbeddedSchemaRegistry(_folder.FullName), partitions) { SeedLeaseFile = _folder["seed.lock"] };
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _connection.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("transactions", """{"event_id":"e","card_id":"c","terminal_id":"t","amount":12.5,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\ne,c,t,12.5,1784000000000\n", true)]
    [InlineData("transactions", """{"event_id":"e","card_id":"ç","terminal_id":"t","amount":1,"ts":"2026-01-01T00:00:00Z","mcc":"5411","fraud":true}""", "event_id,card_id,terminal_id,amount,ts,mcc,fraud\ne,ç,t,1,2026-01-01T00:00:00Z,5411,1\n", true)]
    [InlineData("labels", """{"transaction_id":"e","card_id":"c","terminal_id":"t","transaction_ts":1784000000000,"fraud":false,"labelled_at":1784600000000}""", "transaction_id,card_id,terminal_id,transaction_ts,fraud,labelled_at\ne,c,t,1784000000000,0,1784600000000\n", true)]
    [InlineData("clicks", """{"event_id":"e","user_id":"u","session_id":"s","item_id":"i","kind":"cart","price":9.99,"ts":1784000000000}""", "event_id,user_id,session_id,item_id,kind,price,ts\ne,u,s,i,cart,9.99,1784000000000\n", true)]
    [InlineData("transactions", """{"event_id":"","card_id":"c","terminal_id":"t","amount":1,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\n\"\",c,t,1,1784000000000\n", false)]
    [InlineData("clicks", """{"event_id":"","user_id":"u","session_id":"s","item_id":"i","kind":"cart","ts":1784000000000}""", "event_id,user_id,session_id,item_id,kind,ts\n\"\",u,s,i,cart,1784000000000\n", false)]
    [InlineData("transactions", """{"event_id":"e","card_id":"c","terminal_id":"t","amount":1,"ts":1784000000}""", "event_id,card_id,terminal_id,amount,ts\ne,c,t,1,1784000000\n", false)]
    [InlineData("transactions", """{"event_id":"e","card_id":"c","terminal_id":"t","amount":1,"ts":"1970-01-21T00:00:00Z"}""", "event_id,card_id,terminal_id,amount,ts\ne,c,t,1,1970-01-21T00:00:00Z\n", false)]
    [InlineData("transactions", """{"event_id":"e","card_id":"c","terminal_id":"t","amount":1e17,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\ne,c,t,1e17,1784000000000\n", false)]
    [InlineData("transactions", """{"event_id":"e","card_id":"c","terminal_id":"t","amount":1,"ts":1785000600001}""", "event_id,card_id,terminal_id,amount,ts\ne,c,t,1,1785000600001\n", false)]
    [InlineData("labels", """{"transaction_id":"e","card_id":"c","terminal_id":"t","transaction_ts":1784000000000,"fraud":false,"labelled_at":1784600000}""", "transaction_id,card_id,terminal_id,transaction_ts,fraud,labelled_at\ne,c,t,1784000000000,0,1784600000\n", false)]
    [InlineData("labels", """{"transaction_id":"e","card_id":"c","terminal_id":"t","transaction_ts":1784000000000,"fraud":false,"labelled_at":1785000600001}""", "transaction_id,card_id,terminal_id,transaction_ts,fraud,labelled_at\ne,c,t,1784000000000,0,1785000600001\n", false)]
    [InlineData("clicks", """{"event_id":"e","user_id":"u","session_id":"s","item_id":"i","kind":"cart","price":1e17,"ts":1784000000000}""", "event_id,user_id,session_id,item_id,kind,price,ts\ne,u,s,i,cart,1e17,1784000000000\n", false)]
    [InlineData("labels", """{"transaction_id":"e","card_id":"c","terminal_id":"t","transaction_ts":1784000000000,"fraud":false,"labelled_at":1784600000000000}""", "transaction_id,card_id,terminal_id,transaction_ts,fraud,labelled_at\ne,c,t,1784000000000,0,1784600000000000\n", false)]
    [InlineData("transactions", """{"event_id":"e\u0000","card_id":"c","terminal_id":"t","amount":1,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\ne\0,c,t,1,1784000000000\n", false)]
    [InlineData("transactions", """{"event_id":"e","card_id":"\uFEFFc","terminal_id":"t","amount":1,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\ne,\uFEFFc,t,1,1784000000000\n", false)]
    [InlineData("labels", """{"transaction_id":"e","card_id":"c","terminal_id":"t\uFEFF","transaction_ts":1784000000000,"fraud":false,"labelled_at":1784600000000}""", "transaction_id,card_id,terminal_id,transaction_ts,fraud,labelled_at\ne,c,t\uFEFF,1784000000000,0,1784600000000\n", false)]
    [InlineData("clicks", """{"event_id":"e","user_id":"u","session_id":"s\u0000s","item_id":"i","kind":"cart","ts":1784000000000}""", "event_id,user_id,session_id,item_id,kind,ts\ne,u,s\0s,i,cart,1784000000000\n", false)]
    [InlineData("transactions", """{"event_id":" ","card_id":"c","terminal_id":"t","amount":1,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\n\" \",c,t,1,1784000000000\n", false)]
    [InlineData("transactions", """{"event_id":"e","card_id":"\u00A0","terminal_id":"t","amount":1,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\ne,\u00A0,t,1,1784000000000\n", false)]
    [InlineData("clicks", """{"event_id":"e","user_id":"\t\u2003\u3000","session_id":"s","item_id":"i","kind":"cart","ts":1784000000000}""", "event_id,user_id,session_id,item_id,kind,ts\ne,\"\t\u2003\u3000\",s,i,cart,1784000000000\n", false)]
    [InlineData("transactions", """{"event_id":"\u00A0e","card_id":"c c","terminal_id":"\u3007","amount":1,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\n\u00A0e,c c,\u3007,1,1784000000000\n", true)]
    [InlineData("transactions", """{"event_id":"\uFFFDe","card_id":"\uFEFE","terminal_id":"t","amount":1,"ts":1784000000000}""", "event_id,card_id,terminal_id,amount,ts\n\uFFFDe,\uFEFE,t,1,1784000000000\n", true)]
    public async Task A_door_takes_what_the_other_takes(string topic, string json, string csv, bool isTaken)
    {
        var contract = TopicContract.All.Single(each => each.Name == topic);
        await _connection.EnsureTopicAsync(topic, topic, CancellationToken.None);
        var refusals = new[] { await PostAsync(topic, json), await IngestAsync(contract, csv) };
        var records = await ReadAsync(topic);
        Assert.All(refusals, refusal => Assert.Equal(isTaken, refusal is null));
        Assert.Equal(isTaken ? 2 : 0, records.Count);
        Assert.True(records.Distinct().Count() <= 1, string.Join('\n', records));
    }

    private async Task<string?> PostAsync(string topic, string json)
    {
        var intake = new LogEventIntake(_connection.Log, _connection.Schemas, EventRules.For(Samples.Catalog(), s_tolerance), new FakeTimeProvider(s_now));
        return await intake.AppendAsync(topic, [Encoding.UTF8.GetBytes(json)], CancellationToken.None) is IntakeResult.Invalid invalid ? invalid.Faults[0] : null;
    }

    private async Task<string?> IngestAsync(TopicContract contract, string csv)
    {
        var path = _folder["t.csv"];
        await File.WriteAllTextAsync(path, csv);
        using var file = TableFile.Open(path);
        var ingest = new TableIngest(contract, ColumnMap.Empty, pace: null, new FakeTimeProvider(s_now), s_tolerance);
        var writer = await TopicWriter.OpenAsync(_connection, contract, CancellationToken.None);
        try
        {
            await ingest.CheckAsync(file, new LateRows(null), static _ => { }, CancellationToken.None);
            await ingest.WriteAsync(file, 0, writer, static _ => { }, CancellationToken.None);
            return null;
        }
        catch (Exception refused) when (refused is IngestException or TableFormatException)
        {
            return refused.Message;
        }
    }

    private async Task<List<string>> ReadAsync(string topic)
    {
        var partition = new TopicPartition(topic, 0);
        var left = await _connection.Log.EndOffsetAsync(partition, CancellationToken.None);
        var records = new List<string>();
        await using var reader = _connection.Log.Read(partition, 0);
        while (records.Count < left)
        {
            var batch = await reader.ReadAsync(100, CancellationToken.None);
            for (var record = 0; record < batch.Count; record++)
            {
                records.Add($"{Encoding.UTF8.GetString(batch.Key(record))} {Convert.ToHexString(batch.Value(record))}");
            }
        }

        return records;
    }
}
