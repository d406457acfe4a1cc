using System.Text;
using System.Text.Json;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Lake;

/// <summary>Records of one partition that come into the lake together, or not at all.</summary>
internal sealed class LakeBatch(LakeSchema schema, int partition, long first)
{
    private readonly List<(long Offset, string Fault)> _undecodable = [];

    /// <summary>What could be decoded.</summary>
    public LakeRows Rows { get; } = new(schema);

    /// <summary>What could not, and why.</summary>
    public IReadOnlyList<(long Offset, string Fault)> Undecodable => _undecodable;

    /// <summary>Notes a record that is no row.</summary>
    public void AddUndecodable(long offset, string fault) => _undecodable.Add((offset, fault));

    /// <summary>Writes a file for each day and places them.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="last">The last offset that was looked at.</param>
    /// <returns>How many files.</returns>
    public int Commit(LakeFolder folder, long last)
    {
        var name = new LakeFileName(partition, first, last);
        var moves = Rows.ByDay().Select(day => Stage(folder, name, day.Day, day.Rows)).ToList();
        if (_undecodable.Count > 0)
        {
            moves.Add(StageUndecodable(folder, name));
        }

        if (moves.Count > 0)
        {
            folder.Place(name, moves);
        }

        return moves.Count;
    }

    private LakeMove Stage(LakeFolder folder, LakeFileName name, string day, int[] rows)
    {
        var staged = Path.Combine(folder.Staging, $"{name}.{day}");
        var columns = Rows.Columns(partition, rows);
        using (var writer = new ParquetTableWriter(staged, columns, ParquetCompression.Zstd, withStatistics: true))
        {
            writer.Append(0, rows.Length);
            writer.Complete();
        }

        folder.Files.Sync(staged);
        return new LakeMove(staged, Path.Combine(folder.DayFolder(day), name + LakeFileName.Data));
    }

    private LakeMove StageUndecodable(LakeFolder folder, LakeFileName name)
    {
        var (staged, lines) = (Path.Combine(folder.Staging, $"{name}.undecodable"), new StringBuilder());
        foreach (var (offset, fault) in _undecodable)
        {
            lines.Append(JsonSerializer.Serialize(new { topic = folder.Topic, partition, offset, fault })).Append('\n');
        }

        folder.Files.Write(staged, lines.ToString());
        return new LakeMove(staged, folder.UndecodableFile(name));
    }
}
