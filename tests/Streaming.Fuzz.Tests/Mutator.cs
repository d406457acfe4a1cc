namespace Streaming.Fuzz.Tests;

/// <summary>Changes good inputs a little: bytes, lengths, pieces of other inputs, and what parsers stumble over.</summary>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, Random random)
{
    private const int MostEdits = 6;

    private static readonly byte[][] s_stumbles =
    [
        "null"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "[]"u8.ToArray(), "\""u8.ToArray(), ","u8.ToArray(), "\\ud800"u8.ToArray(), "\n"u8.ToArray(),
        "-1"u8.ToArray(), "1e400"u8.ToArray(), "9007199254740993"u8.ToArray(), "99999999999999999999999999"u8.ToArray(), "0.0000000000000000000001"u8.ToArray(),
        "NaN"u8.ToArray(), "${a}"u8.ToArray(), "\"\"\""u8.ToArray(), [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0], [0x80],
    ];

    public byte[] Next()
    {
        var bytes = corpus[random.Next(corpus.Count)].ToList();
        for (var edits = random.Next(MostEdits); edits >= 0; edits--)
        {
            Edit(bytes, random.Next(bytes.Count + 1));
        }

        return [.. bytes];
    }

    private void Edit(List<byte> bytes, int at)
    {
        var length = Math.Min(bytes.Count - at, random.Next(12));
        switch (random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, s_stumbles[random.Next(s_stumbles.Length)]);
                break;
            case 5:
                bytes.InsertRange(at, PieceOf(corpus[random.Next(corpus.Count)]));
                break;
            default:
                bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 0);
                break;
        }
    }

    private byte[] PieceOf(byte[] other)
    {
        var from = random.Next(other.Length + 1);
        return other[from..(from + random.Next(Math.Min(40, other.Length - from) + 1))];
    }
}
