using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Tests;

public sealed class BackfillSpec
{
    [Fact]
    public async Task Features_are_as_of_each_row_itself_included()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "transaction_id,customer_id,terminal_id,amount,ts,fraud\n1,c,t,10,1971-01-01,0\n2,c,t,30,1971-01-01T01:00Z,0\n3,c,t,5,1971-01-02T01:00Z,1\n");
        var output = cli.PathOf("out.parquet");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --map card_id=customer_id,event_id=transaction_id --output {output} --json");
        Assert.Equal((ExitCode.Ok, ""), (answer.Code, answer.Error));
        using var json = JsonDocument.Parse(answer.Out);
        Assert.Equal(3, json.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(13, json.RootElement.GetProperty("columns").GetArrayLength());

        using var table = TableFile.Open(output);
        using var rows = table.OpenRowGroup(0);
        Assert.Equal([1, 2, 1], Numbers("card_activity.tx_count_1d"));
        Assert.Equal([10, 20, 5], Numbers("card_activity.amount_avg_1d"));
        Assert.Equal([10, 20, 15], Numbers("card_activity.amount_avg_7d"));
        Assert.Equal([0, 0, 0], Numbers("terminal_risk.risk_30d"));

        double[] Numbers(string column)
        {
            var values = new double[rows.Rows];
            rows.ReadNumbers(table.ColumnOf(column, ColumnMap.Empty), values);
            return values;
        }
    }

    [Theory]
    [InlineData("--map fruad=is_fraud", "has no field 'fruad'; did you mean 'fraud'?")]
    [InlineData("--map fraud=is_fraud", "there is no column 'is_fraud' for field 'fraud'")]
    [InlineData("--map country=land", "there is no column 'land' for field 'country'")]
    public async Task A_map_that_names_what_is_not_there_is_refused(string map, string expected)
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,10,2026-01-01\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} {map} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.PathOf("out.parquet")));
    }

    [Theory]
    [InlineData("2,c,t,10,,0", "row 2: column 'ts'")]
    [InlineData("2,,t,10,2026-01-02,0", "row 2: column 'card'")]
    [InlineData("\"\",c,t,10,2026-01-02,0", "row 2: column 'event_id'")]
    [InlineData("x,c,t,10,1970-01-21T00:00:00Z,0", "row 2: column 'ts'")]
    [InlineData("2,c,t,,2026-01-02,0", "row 2: column 'amount'")]
    [InlineData("2,c,t,1e17,2026-01-02,0", "row 2: column 'amount' holds no value that the event's field 'amount' takes (numbers must be 0, or from 2^-108 (3.1e-33) to 2^53 (9.0e15) in magnitude)")]
    [InlineData("2,c,t,-9007199254740994,2026-01-02,0", "row 2: column 'amount'")]
    [InlineData("2,c,t,10,2026-01-02,2", "column 'fraud' is not a flag in row 2")]
    [InlineData("2,c,t,10,1899-12-31,0", "row 2: column 'ts' holds no value that the event's field 'ts' takes (event times lie in the years 1900 to 9999, and not within 116 days of 1970")]
    [InlineData("2,LONG,t,10,2026-01-02,0", "row 2: column 'card' holds no value that the event's field 'card_id' takes (an entity key has 1 to 256 bytes, without NUL and byte order mark (U+FEFF), and not blanks only, in UTF-8)")]
    [InlineData("2,c\0,t,10,2026-01-02,0", "row 2: column 'card' holds no value that the event's field 'card_id' takes (an entity key has 1 to 256 bytes, without NUL")]
    [InlineData("\uFEFF2,c,t,10,2026-01-02,0", "row 2: column 'event_id' holds no value")]
    public async Task A_row_that_is_no_event_is_refused_as_ingest_does(string row, string expected)
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", $"event_id,card,terminal_id,amount,ts,fraud\n1,c,t,9007199254740992,2026-01-01,\n{row.Replace("LONG", new string('c', 257), StringComparison.Ordinal)}\n3,c,t,10,2026-01-03,1\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --map card_id=card --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_of_two_sources_takes_files_of_each()
    {
        using var cli = new Cli();
        const long Day = 86_400_000;
        const long Start = 20_000 * Day;
        var transactions = Tables.Csv(cli, "t.csv", $"id,card_id,terminal_id,amount,ts\n1,c,7,10,{Start}\n2,c,7,30,{Start + (8 * Day)}\n3,c,7,5,{Start + (9 * Day)}\n");

        // The first transaction's label comes a day after its delay: the second does not see it, the third does.
        var labels = Tables.Csv(cli, "l.csv", $"tx,card_id,terminal_id,transaction_ts,fraud,labelled_at\n1,c,7,{Start},1,{Start + (8 * Day) + 1}\n");
        var output = cli.PathOf("out.parquet");
        var answer = await cli.RunAsync(
            $"backfill --service fraud --input transactions={transactions} --input labels={labels} --map transactions.event_id=id,labels.transaction_id=tx --output {output} --json");
        Assert.Equal((ExitCode.Ok, ""), (answer.Code, answer.Error));

        using var table = TableFile.Open(output);
        using var rows = table.OpenRowGroup(0);
        Assert.Equal("id", table.Columns[0]);
        Assert.Equal([10, 30, 5], Numbers("request.amount"));
        Assert.Equal([1, 1, 2], Numbers("card_activity.tx_count_7d"));
        Assert.Equal([0, 0, 1], Numbers("terminal_labels.tx_count_30d"));
        Assert.Equal([0, 0, 1], Numbers("terminal_labels.risk_30d"));

        double[] Numbers(string column)
        {
            var values = new double[rows.Rows];
            rows.ReadNumbers(table.ColumnOf(column, ColumnMap.Empty), values);
            return values;
        }
    }

    [Theory]
    [InlineData("--service fraud --input t.csv", "t.csv: feature service 'fraud' reads transactions and labels; say which these events are: --input transactions=t.csv or --input labels=t.csv")]
    [InlineData("--service fraud --input transactions=t.csv", "feature service 'fraud' reads transactions and labels; there is no --input labels=FILE")]
    [InlineData("--service fraud --input transactions=t.csv lables=l.csv", "does not read 'lables'; did you mean 'labels'?")]
    [InlineData("--service fraud --input transactions=t.csv labels=l.csv clicks=c.csv", "feature service 'fraud' does not read 'clicks'; it reads transactions, labels")]
    [InlineData("--service handbook --input labels=l.csv", "feature service 'handbook' does not read 'labels'; it reads transactions")]
    [InlineData("--service fraud --input transactions=t.csv labels=l.csv --map card_id=c", "--map card_id: say which source's it is: transactions.card_id or labels.card_id")]
    [InlineData("--service fraud --input transactions=t.csv labels=l.csv --map amount=c", "--map amount: say which source's it is: transactions.amount")]
    [InlineData("--service fraud --input transactions=t.csv labels=l.csv --map lables.card_id=c", "does not read 'lables'; did you mean 'labels'?")]
    [InlineData("--service fraud --input transactions=t.csv labels=l.csv --map labels.event_id=c", "an event of 'labels' has no field 'event_id'")]
    [InlineData("--service fraud --input transactions=t.csv labels=l.csv --spine label", "--spine label: feature service 'fraud' does not read 'label'; did you mean 'labels'?")]
    [InlineData("--service fraud --input transactions=t.csv labels=l.csv --spine labels", "is one of transactions, and so must be the rows: --spine transactions, or none")]
    [InlineData("--service fraud --input transactions=T labels=L", "l.csv: there is no column 'transaction_ts'; did you mean 'transaction_t'? (--map labels.transaction_ts=transaction_t)")]
    [InlineData("--service fraud --input transactions=T labels=L --map labels.transaction_ts=when", "there is no column 'when' for field 'transaction_ts'; it has")]
    public async Task A_mistake_in_the_sources_is_one_line_that_names_what_is_right(string words, string expected)
    {
        using var cli = new Cli();
        var transactions = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,7,10,2026-01-01\n");
        var labels = Tables.Csv(cli, "l.csv", "transaction_id,card_id,terminal_id,transaction_t,fraud,labelled_at\n1,c,7,2026-01-01,1,2026-01-09\n");
        var line = words.Replace("=T ", $"={transactions} ", StringComparison.Ordinal).Replace("=L", $"={labels}", StringComparison.Ordinal);
        var answer = await cli.RunAsync($"backfill {line} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.Equal(answer.Fault, answer.Error.TrimEnd('\n').Split('\n')[^1]);
        Assert.False(File.Exists(cli.PathOf("out.parquet")));
    }

    [Fact]
    public void A_file_whose_name_looks_like_a_source_is_a_file_where_it_is_there()
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.PathOf("day=1"));
        Assert.Equal(new BackfillInput("labels", "day=1/l.csv"), BackfillInput.Parse("labels=day=1/l.csv"));
        Assert.Equal(new BackfillInput(null, "./day=1/l.csv"), BackfillInput.Parse("./day=1/l.csv"));
        Assert.Equal(new BackfillInput(null, "l.csv"), BackfillInput.Parse("l.csv"));
        Assert.Equal(new BackfillInput(null, Tables.Csv(cli, "day=1/l.csv", "x\n")), BackfillInput.Parse(cli.PathOf("day=1/l.csv")));
    }

    [Fact]
    public async Task A_backfill_that_is_cancelled_midway_leaves_nothing_at_work_on_its_files()
    {
        using var cli = new Cli();
        var files = Enumerable.Range(0, 30).Select(file => Tables.Csv(
            cli,
            $"{file}.csv",
            "event_id,card_id,terminal_id,amount,ts\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},c{i % 7},t,1,{1_600_000_000_000 + (file * 1_000) + i}\n"))));
        using var stop = new CancellationTokenSource();
        var job = new BackfillJob(new BackfillOptions
        {
            Catalog = Definitions.Features(Path.Combine(Cli.RepositoryRoot, "schemas", "features")),
            Service = "handbook",
            Inputs = [.. files.Select(file => new BackfillInput(null, file))],
            Map = ColumnMap.Empty,
            Output = cli.PathOf("out.parquet"),
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.RunAsync(new After(600, stop), stop.Token));
        Assert.True(stop.IsCancellationRequested);
    }

    [Theory]
    [InlineData("t.csv", "t.csv")]
    [InlineData("t.csv", "link.csv")]
    [InlineData("t.csv", "./folder/../t.csv")]
    [InlineData("link.csv", "t.csv")]
    [InlineData("t.csv", "linked/t.csv")]
    [InlineData("t.csv.tmp", "t.csv")]
    public async Task An_output_that_would_replace_an_input_is_refused(string input, string output)
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.PathOf("folder"));
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,10,2026-01-01\n");
        File.Copy(file, file + ".tmp");
        File.CreateSymbolicLink(cli.PathOf("link.csv"), file);
        Directory.CreateSymbolicLink(cli.PathOf("linked"), cli.Folder);
        var answer = await cli.RunAsync($"backfill --service handbook --input {cli.PathOf(input)} --output {cli.PathOf(output)}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains($"would replace {cli.PathOf(input)}, which is read", answer.Fault, StringComparison.Ordinal);
        Assert.StartsWith("event_id,", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.StartsWith("event_id,", await File.ReadAllTextAsync(file + ".tmp"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is a directory; name a file in it")]
    [InlineData("nowhere/out.parquet", "nowhere; make it, or name a file elsewhere")]
    [InlineData("t.csv/out.parquet", "t.csv")]
    public async Task An_output_that_cannot_be_written_is_told_before_anything_is_read(string output, string expected)
    {
        using var cli = new Cli();

        // The row is no event: whoever reads it says so instead.
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,ten,2026-01-01\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --output {cli.PathOf(output)}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.StartsWith("streaming: --output ", answer.Fault, StringComparison.Ordinal);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(cli.Folder));
    }

    [Fact]
    public async Task A_damaged_Parquet_file_is_told_without_the_names_of_the_library()
    {
        using var cli = new Cli();
        string[] texts = ["1", "2"];
        ParquetTableWriter.Write(
            cli.PathOf("t.parquet"),
            [ParquetColumn.Of("event_id", texts), ParquetColumn.Of("card_id", texts), ParquetColumn.Of("terminal_id", texts), ParquetColumn.Of("amount", [1.0, 2.0]), ParquetColumn.OfTimes("ts", [1, 2])],
            texts.Length);
        var bytes = await File.ReadAllBytesAsync(cli.PathOf("t.parquet"));
        bytes.AsSpan(4, 80).Fill(0xFF);
        await File.WriteAllBytesAsync(cli.PathOf("t.parquet"), bytes);
        var answer = await cli.RunAsync($"backfill --service handbook --input {cli.PathOf("t.parquet")} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Failed, answer.Code);
        Assert.Contains("t.parquet: the file is damaged: column '", answer.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("parquet::", answer.Fault, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.PathOf("out.parquet")));
    }

    [Fact]
    public async Task Times_in_seconds_are_refused_with_row_and_mend()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,10,1772990000000\n2,c,t,10,1772990001\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(
            "row 2 (the header not counted) has in column 'ts' 1772990001, as milliseconds 1970-01-21T12:29:50.001Z: multiply seconds by 1000", answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_rows_the_columns_are_of_the_same_types()
    {
        using var cli = new Cli();
        var types = new List<string>();
        foreach (var rows in (string[])["1,c,t,10,2026-01-01\n", ""])
        {
            var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n" + rows);
            Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"backfill --service handbook --input {file} --output {cli.PathOf("out.parquet")}")).Code);
            using var output = TableFile.Open(cli.PathOf("out.parquet"));
            types.Add(string.Join(' ', output.Columns.Select((name, column) => $"{name}:{output.IsInteger(column)}")));
        }

        Assert.Contains("event_id:False", types[0], StringComparison.Ordinal);
        Assert.Contains(":True", types[0], StringComparison.Ordinal);
        Assert.Equal(types[0], types[1]);
    }

    [Fact]
    public async Task A_missing_column_is_named()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card,terminal_id,amount,ts,fraud\n1,c,t,10,2026-01-01,0\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("'card_id'", answer.Fault, StringComparison.Ordinal);
    }

    private sealed class After(long rows, CancellationTokenSource stop) : IProgress<BackfillProgress>
    {
        public void Report(BackfillProgress value)
        {
            if (value.Rows >= rows)
            {
                stop.Cancel();
            }
        }
    }
}
