using System.Globalization;
using DuckDB.NET.Data;
using Xunit.Abstractions;

namespace Streaming.EndToEnd.Tests;

/// <summary>
/// An export to the lake that is killed (SIGKILL) again and again, while it makes files and while it places them: what a reader sees is whole at
/// any time, and in the end each record is there once. Where it is killed comes from a seed, which is printed; STREAMING_KILL_SEED runs one again.
/// </summary>
internal sealed class LakeKill(ITestOutputHelper output, string folder, string settings)
{
    private const int Events = 8_000;
    private const int Days = 200;
    private const int Partitions = 12;
    private const int Kills = 6;
    private const string Topic = "transactions";
    private string Lake => Path.Combine(folder, "lake");

    private string Staging => Path.Combine(Lake, "_lake", Topic);

    private string Config => Path.Combine(folder, "kill.hocon");

    public async Task RunAsync()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("STREAMING_KILL_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await IngestAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await ExportUntilKilledAsync((kill % 3) switch
            {
                0 => StagedBy(1 + random.Next(Days / 2)),
                1 => Intended(),
                _ => PlacedBy(random.Next(Days)),
            });
            var seen = Visible();
            output.WriteLine($"kill {kill}: {Staged()} files not placed, {Intents().Length} intents, {Files()} in their places with {seen.Count} rows");
            Assert.Equal(seen.Distinct().Count(), seen.Count);
            Assert.InRange(seen.Count, 0, Events - 1);
        }

        await ExecuteAsync("lake", "export", "--topic", Topic, "--config", Config);
        Assert.Equal(Enumerable.Range(0, Events).Select(Id).Order(StringComparer.Ordinal), Visible().Order(StringComparer.Ordinal));
        Assert.Equal(["lease", "origin"], Directory.GetFileSystemEntries(Staging).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("0 rows", await ExecuteAsync("lake", "export", "--topic", Topic, "--config", Config), StringComparison.Ordinal);
        Assert.Equal(Events, Visible().Count);
    }

    private async Task IngestAsync()
    {
        await File.WriteAllTextAsync(Config, $"streaming {{ engine.partitions.transactions = {Partitions}\n {settings} }}");
        var (file, start) = (Path.Combine(folder, "events.csv"), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await File.WriteAllLinesAsync(file, [
            "event_id,card_id,terminal_id,amount,ts",
            .. Enumerable.Range(0, Events).Select(id => string.Create(
                CultureInfo.InvariantCulture, $"{Id(id)},card_{id % 997},t1,1,{start.AddDays((double)id * Days / Events):yyyy-MM-ddTHH:mm:ss}Z")),
        ]);
        await ExecuteAsync("ingest", file, "--topic", Topic, "--config", Config);
    }

    private async Task ExportUntilKilledAsync(Func<bool> isTime)
    {
        await using var export = NodeProcess.Begin(folder, "lake", "export", "--topic", Topic, "--config", Config);
        while (!isTime() && !export.HasExited)
        {
            // Placing takes milliseconds: a pause would miss it. The export ends by itself if the time does not come.
            await Task.Yield();
        }

        Assert.False(export.HasExited, $"it ended by itself: {export.Output}");
        await export.KillAsync();
    }

    // What the kill before left is not counted: the export begins by placing or deleting it.
    private Func<bool> StagedBy(int files)
    {
        var (before, placed) = (Staged(), Files());
        var isCleared = before == 0;
        return () =>
        {
            var now = Staged();
            isCleared |= now < before || Files() > placed;
            return isCleared && now >= files;
        };
    }

    // The files are about to be placed, or some of them are.
    private Func<bool> Intended()
    {
        var before = Intents();
        return () => Intents().Except(before).Any();
    }

    private Func<bool> PlacedBy(int files)
    {
        var least = Files() + Staged() + files;
        return () => Files() > Math.Min(least, (Partitions - 2) * Days);
    }

    private int Staged() => Directory.Exists(Staging) ? Directory.GetFiles(Staging, $"*.????-??-??").Length : 0;

    private string[] Intents() => Directory.Exists(Staging) ? Directory.GetFiles(Staging, "*.intent") : [];

    private int Files() => Directory.Exists(Path.Combine(Lake, Topic)) ? Directory.GetFiles(Path.Combine(Lake, Topic), "*", SearchOption.AllDirectories).Length : 0;

    // As anybody reads it: a file that is not whole, or not one of Parquet, fails the query.
    private List<string> Visible()
    {
        var ids = new List<string>();
        if (Files() == 0)
        {
            return ids;
        }

        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT event_id, log_partition, log_offset FROM read_parquet('{Lake}/{Topic}/**/*') ORDER BY ALL";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    private async Task<string> ExecuteAsync(params string[] arguments)
    {
        var (code, said) = await NodeProcess.ExecuteAsync(folder, arguments);
        Assert.True(code == 0, said);
        return said;
    }

    private static string Id(int id) => string.Create(CultureInfo.InvariantCulture, $"kill-{id:D6}");
}
