// Hot: finds one request in the bytes of a connection.
using System.Buffers.Text;

namespace Streaming.Node.Lane;

/// <summary>What the first bytes of a connection's input are for the fast lane.</summary>
internal enum LaneVerdict
{
    /// <summary>A whole request that the lane understands in every byte.</summary>
    Complete,

    /// <summary>The beginning of one, so far.</summary>
    Incomplete,

    /// <summary>Anything else: it belongs to the HTTP pipeline.</summary>
    Other,
}

/// <summary>
/// The one form of request that the lane takes: <c>POST /score HTTP/1.1</c> with a small body of declared length and headers that
/// change nothing about it. Everything about which HTTP has a second thought is somebody else's: unknown headers, repeated ones that matter,
/// folded lines, bare line feeds, chunks, Expect, Upgrade, Connection: close.
/// </summary>
internal static class LaneRequest
{
    /// <summary>The most bytes of a request's head.</summary>
    public const int MaxHeadBytes = 2048;

    /// <summary>The most bytes of a body.</summary>
    public const int MaxBodyBytes = 4096;

    private const int Host = 1;
    private const int ContentType = 2;

    private static ReadOnlySpan<byte> RequestLine => "POST /score HTTP/1.1\r\n"u8;

    /// <summary>Looks at the start of the input.</summary>
    /// <param name="input">All that has arrived and is not consumed.</param>
    /// <param name="bodyStart">Where the body starts.</param>
    /// <param name="end">Where the request ends.</param>
    public static LaneVerdict Find(ReadOnlySpan<byte> input, out int bodyStart, out int end)
    {
        (bodyStart, end) = (0, 0);
        var line = RequestLine;
        if (input.Length < line.Length)
        {
            return line.StartsWith(input) ? LaneVerdict.Incomplete : LaneVerdict.Other;
        }

        if (!input.StartsWith(line))
        {
            return LaneVerdict.Other;
        }

        var head = input[..Math.Min(input.Length, MaxHeadBytes)];
        var headers = head[line.Length..];
        var length = headers.IndexOf("\r\n\r\n"u8);
        if (length < 0)
        {
            return head.Length == MaxHeadBytes ? LaneVerdict.Other : LaneVerdict.Incomplete;
        }

        if (!TryReadHeaders(headers[..(length + 2)], out var bodyBytes))
        {
            return LaneVerdict.Other;
        }

        bodyStart = line.Length + length + 4;
        end = bodyStart + bodyBytes;
        return input.Length >= end ? LaneVerdict.Complete : LaneVerdict.Incomplete;
    }

    /// <summary>Whether every header is one that the lane knows, and there is one Host and one Content-Length.</summary>
    private static bool TryReadHeaders(ReadOnlySpan<byte> headers, out int bodyBytes)
    {
        bodyBytes = -1;
        var seen = 0;
        while (!headers.IsEmpty)
        {
            var end = headers.IndexOf((byte)'\r');
            var colon = headers.IndexOf((byte)':');
            if (colon <= 0 || colon > end || headers[end + 1] != '\n')
            {
                return false;
            }

            var value = headers[(colon + 1)..end].Trim((byte)' ');
            if (value.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) >= 0 || !IsKnown(headers[..colon], value, ref seen, ref bodyBytes))
            {
                return false;
            }

            headers = headers[(end + 2)..];
        }

        return (seen & Host) != 0 && bodyBytes is > 0 and <= MaxBodyBytes;
    }

    private static bool IsKnown(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref int seen, ref int bodyBytes) => name.Length switch
    {
        4 when Is(name, "host"u8) => IsFirst(ref seen, Host) && IsHost(value),
        6 => Is(name, "accept"u8),
        10 when Is(name, "user-agent"u8) => true,
        10 when Is(name, "connection"u8) => Is(value, "keep-alive"u8),
        12 when Is(name, "content-type"u8) => IsFirst(ref seen, ContentType) && IsJson(value),
        14 when Is(name, "content-length"u8) => bodyBytes < 0 && TryReadLength(value, out bodyBytes),
        15 => Is(name, "accept-encoding"u8) || Is(name, "accept-language"u8),
        _ => false,
    };

    private static bool IsFirst(ref int seen, int header)
    {
        var isFirst = (seen & header) == 0;
        seen |= header;
        return isFirst;
    }

    private static bool IsJson(ReadOnlySpan<byte> value) => Is(value, "application/json"u8) || Is(value, "application/json; charset=utf-8"u8);

    private static bool Is(ReadOnlySpan<byte> met, ReadOnlySpan<byte> lowerCase) => System.Text.Ascii.EqualsIgnoreCase(met, lowerCase);

    private static bool TryReadLength(ReadOnlySpan<byte> value, out int bytes) =>
        Utf8Parser.TryParse(value, out bytes, out var read) && read == value.Length && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>A name or address with or without a port, in the plainest characters.</summary>
    private static bool IsHost(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'.' or (byte)'-' or (byte)':'))
            {
                return false;
            }
        }

        return value.Count((byte)':') <= 1 && !value.IsEmpty && value[0] != ':' && value[^1] != ':';
    }
}
