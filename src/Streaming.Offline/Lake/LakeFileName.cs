using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Offline.Lake;

/// <summary>
/// Which records a file was made of: those of a partition from an offset to another, both included, as far as they are of its day. The
/// name is the only bookkeeping: it says where to go on, and that nothing is there twice.
/// </summary>
/// <param name="Partition">The partition.</param>
/// <param name="First">The first offset.</param>
/// <param name="Last">The last offset.</param>
internal readonly partial record struct LakeFileName(int Partition, long First, long Last)
{
    /// <summary>What data files end with.</summary>
    public const string Data = ".parquet";

    /// <summary>Reads the name of a file, of whatever ending; null if it is no such name.</summary>
    public static LakeFileName? Parse(string path) =>
        Pattern().Match(Path.GetFileName(path)) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var partition)
            && long.TryParse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture, out var first)
            && long.TryParse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out var last)
            && first <= last
            ? new LakeFileName(partition, first, last)
            : null;

    /// <summary>The name, with offsets that sort as texts.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}-{First:D12}-{Last:D12}");

    [GeneratedRegex(@"^(\d+)-(\d{12,})-(\d{12,})\.[a-z]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
