namespace Streaming.Offline.Parquet;

/// <summary>Tells files of other kinds by their first bytes, with the command that makes one of ours of them.</summary>
internal static class ForeignFile
{
    private const int HeadBytes = 10;

    /// <summary>What a file is and what to do, as the rest of a sentence about it; null if nothing speaks against its name.</summary>
    public static string? Fault(string path)
    {
        Span<byte> room = stackalloc byte[HeadBytes];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        ReadOnlySpan<byte> head = room[..file.ReadAtLeast(room, HeadBytes, throwOnEndOfStream: false)];
        var name = Path.GetExtension(path).ToUpperInvariant();
        return Packed(head, name, path) ?? (name is ".CSV" or ".TSV" ? NoText(head, path) : null);
    }

    private static string? Packed(ReadOnlySpan<byte> head, string name, string path)
    {
        if (head.StartsWith("PK\u0003\u0004"u8))
        {
            return name is ".XLSX" or ".XLSM"
                ? "is an Excel workbook; save the sheet as CSV in UTF-8"
                : $"is a ZIP archive; unpack it: unzip {path}";
        }

        var (kind, tool, ending) = head switch
        {
            [0x1F, 0x8B, ..] => ("gzip", "gzip", ".GZ"),
            [0x28, 0xB5, 0x2F, 0xFD, ..] => ("Zstandard", "zstd", ".ZST"),
            [(byte)'B', (byte)'Z', (byte)'h', _, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59] => ("bzip2", "bzip2", ".BZ2"),
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => ("xz", "xz", ".XZ"),
            _ => default,
        };
        return kind is null ? null
            : name != ending ? $"is compressed with {kind}; unpack it: {tool} -dc {path} > new{Path.GetExtension(path)}"
            : $"is compressed with {kind}; unpack it: {tool} {(tool == "zstd" ? "-d" : "-dk")} {path}";
    }

    private static string? NoText(ReadOnlySpan<byte> head, string path)
    {
        var encoding = head switch
        {
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16",
            [not 0, 0, not 0, 0, ..] => "UTF-16LE",
            [0, not 0, 0, not 0, ..] => "UTF-16BE",
            _ => null,
        };
        return encoding is not null
            ? $"is {encoding[..6]}; turn it into UTF-8: iconv -f {encoding} -t UTF-8 {path} > new{Path.GetExtension(path)}"
            : head.StartsWith("PAR1"u8) ? "is Parquet; call the file .parquet"
            : null;
    }
}
