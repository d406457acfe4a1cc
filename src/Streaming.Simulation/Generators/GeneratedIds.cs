using System.Globalization;

namespace Streaming.Simulation.Generators;

/// <summary>
/// The ids that generated numbers have in events, as text and as UTF-8 (which returns the bytes written; 32 always suffice).
/// </summary>
public static class GeneratedIds
{
    /// <summary><c>card_N</c>.</summary>
    public static string Card(int number) => string.Create(CultureInfo.InvariantCulture, $"card_{number}");

    /// <summary><c>user_N</c>.</summary>
    public static string User(int number) => string.Create(CultureInfo.InvariantCulture, $"user_{number}");

    /// <summary><c>terminal_N</c>.</summary>
    public static string Terminal(int number) => string.Create(CultureInfo.InvariantCulture, $"terminal_{number}");

    /// <summary><c>tx_N</c>.</summary>
    public static string Transaction(long id) => string.Create(CultureInfo.InvariantCulture, $"tx_{id}");

    /// <summary>Writes <c>card_N</c>.</summary>
    public static int WriteCard(int number, Span<byte> utf8) => Write("card_"u8, number, utf8);

    /// <summary>Writes <c>user_N</c>.</summary>
    public static int WriteUser(int number, Span<byte> utf8) => Write("user_"u8, number, utf8);

    /// <summary>Writes <c>terminal_N</c>.</summary>
    public static int WriteTerminal(int number, Span<byte> utf8) => Write("terminal_"u8, number, utf8);

    /// <summary>Writes <c>tx_N</c>.</summary>
    public static int WriteTransaction(long id, Span<byte> utf8) => Write("tx_"u8, id, utf8);

    private static int Write(ReadOnlySpan<byte> prefix, long number, Span<byte> utf8)
    {
        prefix.CopyTo(utf8);
        return number.TryFormat(utf8[prefix.Length..], out var digits, default, CultureInfo.InvariantCulture)
            ? prefix.Length + digits
            : throw new ArgumentException("an id needs up to 32 bytes", nameof(utf8));
    }
}
