using System.Net.Sockets;
using System.Text;

namespace Streaming.Node.Tests.Fakes;

/// <summary>HTTP/1.1 by hand, to send bytes as no client would.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static byte[] Post(string json, string headers = "", string path = "/score") => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n{headers}\r\n{json}");

    /// <summary>Reads answers until there are as many as wanted.</summary>
    public static async Task<List<RawAnswer>> ReadAsync(NetworkStream stream, int answers)
    {
        using var timeout = new CancellationTokenSource(s_patience);
        var received = new List<byte>();
        var read = new List<RawAnswer>();
        var buffer = new byte[4096];
        while (read.Count < answers)
        {
            var count = await stream.ReadAsync(buffer, timeout.Token);
            if (count == 0)
            {
                break;
            }

            received.AddRange(buffer.AsSpan(0, count));
            while (TryTake(received, out var answer))
            {
                read.Add(answer);
            }
        }

        return read;
    }

    private static bool TryTake(List<byte> received, out RawAnswer answer)
    {
        answer = default;
        var text = Encoding.Latin1.GetString([.. received]);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var (body, used) = headers.TryGetValue("Content-Length", out var length)
            ? Sized(text, end + 4, int.Parse(length, System.Globalization.CultureInfo.InvariantCulture))
            : headers.ContainsKey("Transfer-Encoding") ? Chunked(text, end + 4) : (string.Empty, end + 4);
        if (used < 0)
        {
            return false;
        }

        answer = new(int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), headers, body);
        received.RemoveRange(0, used);
        return true;
    }

    private static (string Body, int Used) Sized(string text, int start, int length) =>
        text.Length >= start + length ? (text.Substring(start, length), start + length) : (string.Empty, -1);

    private static (string Body, int Used) Chunked(string text, int start)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = text.IndexOf("\r\n", start, StringComparison.Ordinal);
            if (line < 0)
            {
                return (string.Empty, -1);
            }

            var size = Convert.ToInt32(text[start..line], 16);
            if (text.Length < line + 2 + size + 2)
            {
                return (string.Empty, -1);
            }

            body.Append(text, line + 2, size);
            start = line + 2 + size + 2;
            if (size == 0)
            {
                return (body.ToString(), start);
            }
        }
    }
}

/// <summary>One answer as it came.</summary>
internal readonly record struct RawAnswer(int Status, Dictionary<string, string> Headers, string Body);
