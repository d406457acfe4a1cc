using System.Text.Json;
using Avro.Generic;
using Microsoft.Extensions.Time.Testing;
using Streaming.Cli.Shell;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Ingest;

namespace Streaming.Cli.Tests;

public sealed class IngestSpec
{
    private const string Transactions = """
        transaction_id,customer_id,terminal_id,amount,ts,fraud,country
        7,c1,t1,12.50,2018-04-01T00:00:31Z,0,BE
        8,c2,t2,0,1522540900000,1,
        9,c1,t2,100.25,2018-04-02T00:00:00Z,,FR

        """;

    private const string Map = "--map card_id=customer_id,event_id=transaction_id";

    [Fact]
    public async Task Rows_become_events_keyed_by_card_at_their_event_time()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", Transactions)} {Map}");
        Assert.Equal((ExitCode.Ok, ""), (answer.Code, answer.Error));
        Assert.Contains("3 events written to transactions", answer.Out, StringComparison.Ordinal);

        var events = (await Records.ReadAsync(cli, "transactions")).OrderBy(e => (string)e["event_id"]!).ToList();
        Assert.Equal(["c1", "c2", "c1"], events.Select(e => e.Key));
        Assert.Equal([1522540831000, 1522540900000, 1522627200000], events.Select(e => e.Timestamp));
        Assert.Equal(["7", "8", "9"], events.Select(e => (string)e["event_id"]!));
        Assert.Equal([12.5, 0.0, 100.25], events.Select(e => (double)e["amount"]!));
        Assert.Equal([false, true, null], events.Select(e => (bool?)e["fraud"]));
        Assert.Equal(["BE", null, "FR"], events.Select(e => (string?)e["country"]));
    }

    [Fact]
    public async Task Rows_that_come_after_newer_events_are_told_of()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", Transactions);
        Assert.Equal("", (await cli.RunAsync($"ingest {file} {Map}")).Error);
        var older = Tables.Csv(cli, "older.csv", Transactions.Replace("2018-04-01T", "2018-03-31T", StringComparison.Ordinal));
        var answer = await cli.RunAsync($"ingest {older} {Map}");
        Assert.Equal(ExitCode.Ok, answer.Code);
        Assert.StartsWith("1 of the events is more than a day older than events before them in transactions", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ingest t.csv --map card_id=customer_id,event_id=transaction_id")]
    [InlineData("seed --cards 5 --terminals 5 --history 8d --rate 0")]
    public async Task A_registry_that_compares_with_the_latest_version_only_is_told_of_once(string line)
    {
        using var cli = new Cli();
        await new EmbeddedSchemaRegistry(Path.Combine(cli.Data, "registry")).SetLevelAsync("transactions-value", CompatibilityLevel.Backward, default);
        var answer = await cli.RunAsync(line.Replace("t.csv", Tables.Csv(cli, "t.csv", Transactions), StringComparison.Ordinal));
        Assert.Equal(ExitCode.Ok, answer.Code);
        Assert.Single(answer.Error.Split('\n'), note => note.StartsWith("the schema registry holds transactions-value to BACKWARD, and a replay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_of_the_years_from_1900_on_are_written_though_records_have_no_timestamps_before_1970()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,1,1900-01-01\n2,c,t,1,1969-09-07T06:13:20Z\n3,c,t,1,1970-04-26T17:46:40Z\n");
        var answer = await cli.RunAsync($"ingest {file}");
        Assert.Equal((ExitCode.Ok, ""), (answer.Code, answer.Error));

        var events = await Records.ReadAsync(cli, "transactions");
        Assert.Equal([1, 1, 10_000_000_000], events.Select(e => e.Timestamp));
        Assert.Equal(
            [new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc), DateTime.UnixEpoch.AddMilliseconds(-10_000_000_000), DateTime.UnixEpoch.AddMilliseconds(10_000_000_000)],
            events.Select(e => ((DateTime)e["ts"]!).ToUniversalTime()));
    }

    [Fact]
    public async Task Fields_that_no_column_holds_take_their_default()
    {
        using var cli = new Cli();
        await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", Transactions)} {Map}");
        foreach (var read in await Records.ReadAsync(cli, "transactions"))
        {
            Assert.Equal("EUR", read["currency"]);
            Assert.Null(read["mcc"]);
            Assert.Null(read["user_id"]);
        }
    }

    [Fact]
    public async Task Order_within_a_card_is_that_of_the_file()
    {
        using var cli = new Cli();
        var rows = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},c{i % 50},t,1,{1_600_000_000_000 + (i / 100)}\n"));
        var file = Tables.Csv(cli, "many.csv", "event_id,card_id,terminal_id,amount,ts\n" + rows);
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"ingest {file}")).Code);
        var events = await Records.ReadAsync(cli, "transactions");
        Assert.Equal(40_000, events.Count);
        foreach (var card in events.GroupBy(e => e.Key))
        {
            var ids = card.Select(e => int.Parse((string)e["event_id"]!, null)).ToList();
            Assert.Equal(ids.Order(), ids);
        }
    }

    [Fact]
    public async Task Clicks_have_their_kind_as_a_symbol()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "c.csv", "event_id,user_id,session_id,item_id,kind,price,ts\n1,u1,s1,i1,cart,9.99,2020-01-01\n");
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"ingest {file} --topic clicks")).Code);
        var click = Assert.Single(await Records.ReadAsync(cli, "clicks"));
        Assert.Equal(("u1", "cart", 9.99), (click.Key, ((GenericEnum)click["kind"]!).Value, (double)click["price"]!));
    }

    [Fact]
    public async Task A_missing_column_is_named_with_the_nearest_one()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", Transactions)} --map card_id=custmer_id,event_id=transaction_id");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("there is no column 'custmer_id' for field 'card_id'; did you mean 'customer_id'?", answer.Fault, StringComparison.Ordinal);
        Assert.Empty(await Records.ReadAsync(cli, "transactions"));
    }

    [Theory]
    [InlineData("clicks", "event_id,user_id,session_id,item_id,kind,ts\n1,u1,s1,i1,view,2020-01-01\n2,u1,s1,i1,steal,2020-01-02\n", "row 2: column 'kind' holds no value that the event's field 'kind' takes ('steal' is none of ")]
    [InlineData("transactions", "event_id,card_id,terminal_id,amount,ts\n1,c,t,1,2020-01-01\n2,,t,1,2020-01-02\n", "row 2: column 'card_id'")]
    [InlineData("transactions", "event_id,card_id,terminal_id,amount,ts\n1,c,t,1,2020-01-01\n2,c,\"\",1,2020-01-02\n", "row 2: column 'terminal_id' holds no value that the event's field 'terminal_id' takes (an entity key has 1 to 256 bytes, without NUL and byte order mark (U+FEFF), and not blanks only, in UTF-8)")]
    [InlineData("transactions", "event_id,card_id,terminal_id,amount,ts\n1,c,t,,2020-01-01\n", "row 1: column 'amount'")]
    [InlineData("transactions", "event_id,card_id,terminal_id,amount,ts\n1,c,t,9007199254740992,2020-01-01\n2,c,t,1e17,2020-01-02\n", "row 2: column 'amount' holds no value that the event's field 'amount' takes (numbers must be 0, or from 2^-108 (3.1e-33) to 2^53 (9.0e15) in magnitude)")]
    [InlineData("clicks", "event_id,user_id,session_id,item_id,kind,price,ts\n1,u1,s1,i1,view,,2020-01-01\n2,u1,s1,i1,view,-1e17,2020-01-02\n", "row 2: column 'price'")]
    public async Task A_row_that_is_no_event_is_named_and_nothing_is_written(string topic, string text, string expected)
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", text)} --topic {topic}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.Contains("Nothing is written", answer.Fault, StringComparison.Ordinal);
        Assert.Empty(await Records.ReadAsync(cli, topic));
    }

    [Fact]
    public async Task A_file_that_is_written_twice_is_said_to_count_twice()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,1,2026-01-01\n2,c,t,1,2026-01-01\n");
        var other = Tables.Csv(cli, "o.csv", "event_id,card_id,terminal_id,amount,ts\n3,c,t,1,2026-01-01\n");
        var first = await cli.RunAsync($"ingest {file}");
        Assert.Equal((ExitCode.Ok, ""), (first.Code, first.Error));
        var else_ = await cli.RunAsync($"ingest {other}");
        Assert.Equal((ExitCode.Ok, ""), (else_.Code, else_.Error));
        Assert.StartsWith("1 event written to transactions in ", else_.Out, StringComparison.Ordinal);
        var again = await cli.RunAsync($"ingest {file}");
        Assert.Equal(ExitCode.Ok, again.Code);
        Assert.Contains($"{file}: 2 of the 2 rows that were looked up in transactions are there already (up to 16 of a file are looked up, spread over it). Events that are written twice count once within the horizon", again.Error, StringComparison.Ordinal);
        Assert.EndsWith("; some were there before: they count twice where the topic's duplicates do not reach them", again.Out.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("", (await cli.RunAsync($"ingest {file} --skip 1")).Error);
    }

    [Fact]
    public async Task A_file_whose_later_rows_are_written_already_is_noticed()
    {
        using var cli = new Cli();
        const string Head = "event_id,card_id,terminal_id,amount,ts\n";
        var file = Tables.Csv(cli, "t.csv", Head + "1,c,t,1,2026-01-01\n2,c,t,1,2026-01-01\n");
        var overlapping = Tables.Csv(cli, "o.csv", Head + "3,c,t,1,2026-01-01\n2,c,t,1,2026-01-01\n");
        Assert.Equal("", (await cli.RunAsync($"ingest {file}")).Error);
        var answer = await cli.RunAsync($"ingest {overlapping}");
        Assert.Contains($"{overlapping}: 1 of the 2 rows that were looked up in transactions is there already", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, 1)]
    [InlineData(257, 0)]
    public async Task A_key_that_a_node_would_set_aside_is_refused(int bytes, int written)
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", $"event_id,card_id,terminal_id,amount,ts\n1,{new string('c', bytes)},t,1,2020-01-01\n");
        Assert.Equal(written == 1 ? ExitCode.Ok : ExitCode.Usage, (await cli.RunAsync($"ingest {file}")).Code);
        Assert.Equal(written, (await Records.ReadAsync(cli, "transactions")).Count);
    }

    [Theory]
    [InlineData("", "t.csv: the file is empty; its first line must name the columns")]
    [InlineData("event_id,card_id,terminal_id,amount,ts\n1,c,t,1,2020-01-01\n\n2,c,t,1,2020-01-01\n", "row 2 (the header not counted) is a blank line; remove it")]
    public async Task A_file_without_what_it_needs_is_told_what_that_is(string text, string expected)
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", text)}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_is_not_said_to_be_missing()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"ingest {cli.Folder}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains($"{cli.Folder}: this is a directory; name the files in it", answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_in_text_before_the_first_year_is_not_said_to_be_in_microseconds()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,1,1899-11-28T20:10:00Z\n");
        var answer = await cli.RunAsync($"ingest {file}");
        Assert.Contains("event times lie in the years 1900 to 9999", answer.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("divide", answer.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1772990000000000", "row 2: column 'time' is 1772990000000000 milliseconds since 1970; event times lie in the years 1900 to 9999: it may be micro- or nanoseconds")]
    [InlineData("2026-03-10T00:10:00.001Z", "row 2: column 'time' is 1773101400001 milliseconds since 1970: 2026-03-10T00:10:00.001Z, more than 10m (streaming.engine.future-tolerance) ahead of the clock")]
    [InlineData("1970-01-18T17:41:16.800Z", "row 2: column 'time' is 1532476800, as milliseconds 1970-01-18T17:41:16.800Z: multiply seconds by 1000")]
    [InlineData("1899-12-31", "event times lie in the years 1900 to 9999")]
    public async Task A_time_that_cannot_be_is_named_and_nothing_is_written(string time, string expected)
    {
        using var cli = new Cli { Time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero)) };
        var file = Tables.Csv(cli, "t.csv", $"event_id,card_id,terminal_id,amount,time\n1,c,t,1,2026-03-10T00:10:00Z\n2,c,t,1,{time}\n3,c,t,1,2020-01-01\n");
        var answer = await cli.RunAsync($"ingest {file} --map ts=time");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.Contains(file, answer.Fault, StringComparison.Ordinal);
        Assert.Empty(await Records.ReadAsync(cli, "transactions"));
    }

    [Fact]
    public async Task No_file_is_written_while_a_later_one_is_refused()
    {
        using var cli = new Cli();
        var bad = Tables.Csv(cli, "bad.csv", Transactions.Replace("100.25", "1e17", StringComparison.Ordinal));
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", Transactions)} {bad} {Map}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("bad.csv: row 3: column 'amount'", answer.Fault, StringComparison.Ordinal);
        Assert.Empty(await Records.ReadAsync(cli, "transactions"));
    }

    [Fact]
    public async Task Rows_that_are_skipped_count_through_all_files()
    {
        using var cli = new Cli();
        var (one, two) = (Tables.Csv(cli, "1.csv", Transactions), Tables.Csv(cli, "2.csv", Transactions.Replace("\n7,", "\n17,", StringComparison.Ordinal)));
        var answer = await cli.RunAsync($"ingest {one} {two} {Map} --skip 2");
        Assert.Contains("4 events written to transactions", answer.Out, StringComparison.Ordinal);
        Assert.Equal(["17", "8", "9", "9"], (await Records.ReadAsync(cli, "transactions")).Select(e => (string)e["event_id"]!).Order());
    }

    [Fact]
    public async Task A_second_ingest_beside_another_is_warned()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", Transactions);
        await cli.RunAsync($"ingest {file} {Map}");
        CliAnswer answer;
        using (FileLease.TryTake(Path.Combine(cli.Data, "seed.lock.ingest"), out _))
        {
            answer = await cli.RunAsync($"ingest {file} {Map}");
        }

        Assert.Equal(ExitCode.Ok, answer.Code);
        Assert.StartsWith("another ingest writes into this log", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("another ingest", (await cli.RunAsync($"ingest {file} {Map}")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1532476800000", "1532476800", "column 'labelled_at' 1532476800, as milliseconds 1970-01-18T17:41:16.800Z")]
    [InlineData("1532476800000", "1532476800000000", "row 1: column 'labelled_at' is 1532476800000000 milliseconds since 1970")]
    [InlineData("1532476800000", "4102444800000", "row 1: column 'labelled_at' is 4102444800000 milliseconds since 1970: 2100-01-01T00:00:00.000Z, more than 10m")]
    [InlineData("1532480400001", "1532476800000", "row 1: column 'transaction_ts' is 1532480400001 milliseconds since 1970: 2018-07-25T01:00:00.001Z, more than 10m")]
    public async Task Every_time_of_a_label_is_bounded(string transactionTs, string labelledAt, string expected)
    {
        using var cli = new Cli { Time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero)) };
        var file = Tables.Csv(cli, "l.csv", $"transaction_id,card_id,terminal_id,transaction_ts,fraud,labelled_at\n1,c,t,{transactionTs},1,{labelledAt}\n");
        var answer = await cli.RunAsync($"ingest {file} --topic labels");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.Empty(await Records.ReadAsync(cli, "labels"));
    }

    [Fact]
    public async Task Json_has_stable_names()
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"ingest {Tables.Csv(cli, "t.csv", Transactions)} {Map} --json");
        using var json = JsonDocument.Parse(answer.Out);
        Assert.Equal(["topic", "events", "seconds"], json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(3, json.RootElement.GetProperty("events").GetInt64());
    }
}
