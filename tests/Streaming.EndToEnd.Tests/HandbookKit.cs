using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Streaming.EndToEnd.Tests;

/// <summary>A history of card payments, offline and through a running node, exactly: every feature of every row is recomputed from its definition.</summary>
public abstract class HandbookKit : IDisposable
{
    /// <summary>How the file's columns become a transaction's fields.</summary>
    protected const string Map = "card_id=customer_id,event_id=transaction_id";

    // The handbook's file tells both what happened and what it was; the delay of a week is the views'.
    private const string MapOfBoth = "transactions.card_id=customer_id,transactions.event_id=transaction_id,"
        + "labels.card_id=customer_id,labels.transaction_ts=ts,labels.labelled_at=ts";

    /// <summary>Averages may differ by this; counts may not differ.</summary>
    protected const double Tolerance = 1e-9; // the bound for averages; ours are exact sums, rounded once

    private static readonly string[] s_windows = ["1d", "7d", "30d"];
    private static readonly string[] s_cardFeatures = Names("card_activity", "amount_avg");
    private static readonly string[] s_terminalFeatures = Names("terminal_risk", "risk");
    private static readonly string[] s_labelFeatures = Names("terminal_labels", "risk");

    /// <summary>A folder of this test's own.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("streaming-handbook-").FullName;

    /// <summary>The history as a Parquet file; null where it is not on this machine.</summary>
    protected abstract string? Input { get; }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [SkippableFact]
    public async Task Backfill_gives_every_row_its_features_of_that_moment()
    {
        Skip.If(Input is null, "shared/data/handbook is not here");
        var output = Path.Combine(Folder, "out.parquet");
        var (code, text) = await NodeProcess.ExecuteAsync(Folder, "backfill", "--service", "handbook", "--input", Input!, "--map", Map, "--output", output);
        Assert.True(code == 0, text);

        var history = await HandbookHistory.ReadAsync(Input!);
        await using var written = await ReferenceParquet.OpenAsync(output);
        Assert.Equal(["transaction_id", .. s_cardFeatures, .. s_terminalFeatures], written.Columns);
        Assert.Equal(history.Ids, await written.NumbersAsync<long>("transaction_id"));
        await CompareRowsAsync(written, [.. s_cardFeatures, .. s_terminalFeatures], history);
    }

    [SkippableFact]
    public async Task Backfill_from_transactions_and_labels_gives_every_row_the_same_features()
    {
        Skip.If(Input is null, "shared/data/handbook is not here");
        var output = Path.Combine(Folder, "out.parquet");
        var (code, text) = await NodeProcess.ExecuteAsync(
            Folder, "backfill", "--service", "fraud", "--input", $"transactions={Input}", "--input", $"labels={Input}", "--map", MapOfBoth, "--output", output);
        Assert.True(code == 0, text);

        var history = await HandbookHistory.ReadAsync(Input!);
        await using var written = await ReferenceParquet.OpenAsync(output);
        Assert.Equal(["transaction_id", "request.amount", "weekend", "night", .. s_cardFeatures, .. s_labelFeatures], written.Columns);
        Assert.Equal(history.Ids, await written.NumbersAsync<long>("transaction_id"));
        await CompareRowsAsync(written, [.. s_cardFeatures, .. s_labelFeatures], history);
        var (weekend, night) = (await written.NumbersAsync<double>("weekend"), await written.NumbersAsync<double>("night"));
        for (var row = 0; row < history.Times.Length; row++)
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(history.Times[row]);
            Assert.Equal((at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0, at.Hour <= 6 ? 1 : 0), (weekend[row], night[row]));
        }
    }

    [SkippableFact]
    public async Task A_node_that_ingested_the_file_gives_every_card_and_terminal_the_same_features()
    {
        Skip.If(Input is null, "shared/data/handbook is not here");
        var (code, text) = await NodeProcess.ExecuteAsync(Folder, "ingest", Input!, "--topic", "transactions", "--map", Map);
        Assert.True(code == 0, text);
        var history = await HandbookHistory.ReadAsync(Input!);
        var (node, url) = await NodeProcess.RunAsync(Folder);
        await using var running = node;
        using var client = new HttpClient { BaseAddress = url };
        await ReadyAsync(client);

        var at = history.Times[^1];
        foreach (var card in history.AllCustomers)
        {
            await CompareAsync(client, $"card/{card}", s_cardFeatures, at, history.OfCard(card, at));
        }

        foreach (var terminal in history.AllTerminals)
        {
            await CompareAsync(client, $"terminal/{terminal}", s_terminalFeatures, at, history.OfTerminal(terminal, at));
        }
    }

    private static async Task CompareRowsAsync(ReferenceParquet written, string[] names, HandbookHistory history)
    {
        var columns = new List<double[]>();
        foreach (var name in names)
        {
            columns.Add(await written.NumbersAsync<double>(name));
            Assert.Equal(history.Ids.Length, columns[^1].Length);
        }

        for (var row = 0; row < history.Ids.Length; row++)
        {
            var expected = history.OfRow(row);
            for (var i = 0; i < columns.Count; i++)
            {
                // A negated comparison, so that a NaN is a difference, too.
                if (!(Math.Abs(columns[i][row] - expected[i]) <= (i % 6 < 3 ? 0 : Tolerance)))
                {
                    Assert.Fail($"transaction {history.Ids[row]}, feature {i}: {columns[i][row]:R} instead of {expected[i]:R}");
                }
            }
        }
    }

    private static async Task ReadyAsync(HttpClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await client.GetAsync(new Uri("health/ready", UriKind.Relative), limit.Token)).StatusCode != HttpStatusCode.OK)
        {
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task CompareAsync(HttpClient client, string entity, string[] names, long at, double[] expected)
    {
        var text = await client.GetStringAsync(new Uri($"features/{entity}?at={at.ToString(CultureInfo.InvariantCulture)}", UriKind.Relative));
        using var answer = JsonDocument.Parse(text);
        var features = answer.RootElement.GetProperty("features");
        for (var i = 0; i < names.Length; i++)
        {
            var value = features.GetProperty(names[i]).GetProperty("value").GetDouble();
            Assert.True(Math.Abs(value - expected[i]) <= (i < 3 ? 0 : Tolerance), $"{entity} {names[i]}: {value:R} instead of {expected[i]:R}");
        }
    }

    private static string[] Names(string view, string mean) =>
        [.. new[] { "tx_count", mean }.SelectMany(feature => s_windows.Select(window => $"{view}.{feature}_{window}"))];
}
