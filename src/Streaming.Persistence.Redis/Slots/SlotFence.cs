using System.Globalization;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// The value of a slot's fence: who may write, and how many writes of this owner the slot has had. A failover that loses the last
/// writes keeps the token; the count shows it.
/// </summary>
/// <param name="Token">Who may write.</param>
/// <param name="Writes">Counts its writes, from 0.</param>
internal readonly record struct SlotFence(SlotToken Token, long Writes)
{
    /// <summary>As in the store: <c>7/0f8fad5bd9cb469fa16570867728950e/42</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Token}/{Writes}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <returns>False for anything else.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out SlotFence fence)
    {
        fence = default;
        var slash = text.LastIndexOf('/');
        if (slash < 0
            || !SlotToken.TryParse(text[..slash], out var token)
            || !long.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var writes))
        {
            return false;
        }

        fence = new(token, writes);
        return true;
    }

    /// <summary>Whether the slot has all that an owner knows to be written.</summary>
    /// <param name="known">The owner's token, and its last write that was answered.</param>
    public bool HasAllOf(SlotFence known) => Token.Owner == known.Token.Owner
        && (Token.Epoch > known.Token.Epoch || (Token.Epoch == known.Token.Epoch && Writes >= known.Writes));
}
