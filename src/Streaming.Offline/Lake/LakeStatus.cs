using System.Collections.Immutable;
using ParquetSharp;

namespace Streaming.Offline.Lake;

/// <summary>What a lake has of one topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Files">Data files.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="FirstDay">The first day that has some; null without files.</param>
/// <param name="LastDay">The last.</param>
/// <param name="Next">For each partition, the offset behind the last that is in the lake.</param>
/// <param name="Undecodable">Records that could not be decoded.</param>
/// <param name="Unfinished">Batches that a crash left unfinished; the next export completes them.</param>
public sealed record LakeStatus(
    string Topic,
    int Files,
    long Rows,
    long Bytes,
    string? FirstDay,
    string? LastDay,
    ImmutableSortedDictionary<int, long> Next,
    long Undecodable,
    int Unfinished)
{
    /// <summary>The topics of a lake.</summary>
    /// <exception cref="LakeException">A file is none of the lake's.</exception>
    public static ImmutableArray<LakeStatus> Of(string lake) => Directory.Exists(lake)
        ? [
            .. Directory.GetDirectories(lake).Select(folder => Path.GetFileName(folder)).Where(name => name != LakeFolder.Aside)
                .Order(StringComparer.Ordinal).Select(topic => Of(lake, topic)),
        ]
        : [];

    private static LakeStatus Of(string lake, string topic)
    {
        var files = LakeFolder.List(lake, topic);
        var aside = Path.Combine(lake, LakeFolder.Aside, topic);
        return new LakeStatus(
            topic,
            files.Length,
            files.Sum(file => RowsOf(file.Path)),
            files.Sum(file => file.Bytes),
            files.Length > 0 ? files[0].Day : null,
            files.Length > 0 ? files[^1].Day : null,
            LakeFolder.Positions(lake, topic).ToImmutableSortedDictionary(),
            LakeFolder.ListUndecodable(lake, topic).Sum(file => (long)File.ReadLines(file).Count()),
            Directory.Exists(aside) ? Directory.GetFiles(aside, "*.intent").Length : 0);
    }

    private static long RowsOf(string path)
    {
        using var file = new ParquetFileReader(path);
        using var metadata = file.FileMetaData;
        return metadata.NumRows;
    }
}
