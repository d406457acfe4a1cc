using System.Text;
using System.Text.Json;
using Streaming.Cli.Shell;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Tests;

public sealed class DeadLettersSpec
{
    private const string Card = "4929123412341234";

    [Fact]
    public async Task The_newest_are_shown_with_their_origin_and_masked_card_numbers()
    {
        using var cli = new Cli();
        await WriteAsync(cli, 5);
        var answer = await cli.RunAsync("dead-letters --limit 2");
        Assert.Equal((ExitCode.Ok, ""), (answer.Code, answer.Error));
        var lines = answer.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Matches(@"^2020-09-13T12:26:44\.000Z +transactions/3/104 +poison +card \*\*\*\*1234 fails", lines[1]);
        Assert.StartsWith("2020-09-13T12:26:43.000Z", lines[2], StringComparison.Ordinal);
        Assert.Equal("2 of 5", lines[3]);
        Assert.DoesNotContain(Card, answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_stable_names_and_no_card_number()
    {
        using var cli = new Cli();
        await WriteAsync(cli, 1);
        var answer = await cli.RunAsync("dead-letters --json");
        Assert.DoesNotContain(Card, answer.Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(answer.Out);
        Assert.Equal(["total", "dead_letters"], json.RootElement.EnumerateObject().Select(p => p.Name));
        var letter = json.RootElement.GetProperty("dead_letters")[0];
        Assert.Equal(["topic", "partition", "offset", "timestamp", "reason", "detail", "key", "schema_id", "value_bytes", "replay_of", "replayed_at"], letter.EnumerateObject().Select(p => p.Name));
        Assert.Equal("****1234", letter.GetProperty("key").GetString());
    }

    [Fact]
    public async Task A_record_that_is_none_is_shown_as_such_and_nothing_is_written()
    {
        using var cli = new Cli();
        await WriteAsync(cli, 1);
        await AppendAsync(cli, records => records.Add(0, 1_700_000_000_000, "k"u8, "text"u8));
        var answer = await cli.RunAsync("dead-letters");
        Assert.Contains("unreadable", answer.Out, StringComparison.Ordinal);
        Assert.Contains("dead-letters/0/1", answer.Out, StringComparison.Ordinal);
        Assert.Equal((await cli.RunAsync("dead-letters")).Out, answer.Out);
    }

    [Fact]
    public async Task Where_there_is_no_log_none_is_made()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync("dead-letters");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("events.db: there is no log here", answer.Fault, StringComparison.Ordinal);
        Assert.False(Directory.Exists(cli.Data));
        await AppendAsync(cli, _ => { });
        Assert.Equal("there are no dead letters\n", (await cli.RunAsync("dead-letters")).Out);
    }

    [Fact]
    public async Task An_unknown_schema_that_is_registered_by_now_is_told_of()
    {
        using var cli = new Cli();
        var registry = new EmbeddedSchemaRegistry(Path.Combine(cli.Data, "registry"));
        var known = Assert.IsType<RegistryResult<int>.Found>(await registry.RegisterAsync("any-value", EventSchemas.Click, CancellationToken.None)).Value;
        await WriteAsync(cli, 1, DeadLetterReason.UnknownSchema, known);
        await WriteAsync(cli, 1, DeadLetterReason.UnknownSchema, known - 1);
        await WriteAsync(cli, 1, DeadLetterReason.Malformed, known);
        using var json = JsonDocument.Parse((await cli.RunAsync("dead-letters --json")).Out);
        var told = Assert.Single(json.RootElement.GetProperty("dead_letters").EnumerateArray(), letter => letter.GetProperty("detail").GetString()!.Contains("its schema is registered now", StringComparison.Ordinal));
        Assert.Equal((DeadLetterReason.UnknownSchema, known), (told.GetProperty("reason").GetString(), told.GetProperty("schema_id").GetInt32()));
    }

    private static async Task WriteAsync(Cli cli, int count, string reason = DeadLetterReason.Poison, int? schemaId = null)
    {
        var registry = new EmbeddedSchemaRegistry(Path.Combine(cli.Data, "registry"));
        var id = Assert.IsType<RegistryResult<int>.Found>(await registry.RegisterAsync(EventSchemas.SubjectOf(EventSchemas.DeadLetters), EventSchemas.DeadLetter, CancellationToken.None)).Value;
        var (writer, value) = (RecordWriter.Compile<DeadLetter>(EventSchemas.DeadLetter), new AvroBuffer());
        await AppendAsync(cli, records =>
        {
            for (var i = 0; i < count; i++)
            {
                value.Clear();
                writer.Write(
                    new DeadLetter
                    {
                        Id = DeadLetter.IdOf("transactions", 3, 100 + i, reason),
                        Reason = reason,
                        Detail = $"card {Card} fails",
                        Topic = "transactions",
                        Partition = 3,
                        Offset = 100 + i,
                        Timestamp = new EventTime(1_600_000_000_000 + (i * 1_000)),
                        Key = Encoding.UTF8.GetBytes(Card),
                        Value = Encoding.UTF8.GetBytes(Card),
                        SchemaId = schemaId,
                    },
                    id,
                    value);
                records.Add(0, 1_600_000_000_000, "id"u8, value.Written);
            }
        });
    }

    private static async Task AppendAsync(Cli cli, Action<RecordBatch> fill)
    {
        Directory.CreateDirectory(cli.Data);
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(cli.Data, "events.db")));
        await log.CreateTopicAsync(EventSchemas.DeadLetters, 1, CancellationToken.None);
        var records = new RecordBatch(8);
        fill(records);
        if (records.Count > 0)
        {
            await log.AppendAsync(EventSchemas.DeadLetters, records, CancellationToken.None);
        }
    }
}
