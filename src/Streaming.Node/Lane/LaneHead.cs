// Hot: writes the head of every answer of the lane.
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Streaming.Node.Lane;

/// <summary>The head of a 200 answer, with the headers that the route's answer has. Its date is formatted once a second.</summary>
internal sealed class LaneHead(TimeProvider clock)
{
    /// <summary>Room enough for a head.</summary>
    public const int MaxBytes = 160;

    private sealed record Dated(long Second, byte[] Bytes);

    private Dated _current = new(long.MinValue, []);

    /// <summary>Writes the head of an answer with a body of this length.</summary>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> output, int bodyBytes)
    {
        var head = Current();
        head.CopyTo(output);
        Utf8Formatter.TryFormat(bodyBytes, output[head.Length..], out var digits);
        "\r\n\r\n"u8.CopyTo(output[(head.Length + digits)..]);
        return head.Length + digits + 4;
    }

    private byte[] Current()
    {
        var now = clock.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        var dated = Volatile.Read(ref _current);
        if (dated.Second != second)
        {
            dated = new(second, Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nDate: {now.ToString("R", CultureInfo.InvariantCulture)}\r\nContent-Length: "));
            Volatile.Write(ref _current, dated);
        }

        return dated.Bytes;
    }
}
