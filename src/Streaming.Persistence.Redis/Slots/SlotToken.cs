using System.Globalization;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// What a slot's fence holds: who may write. Compared as a whole: after a failover that lost a take two owners may have the same epoch,
/// never the same token.
/// </summary>
/// <param name="Epoch">Grows by one with each take; the first is 1.</param>
/// <param name="Owner">The owner's own, new for each keeper that starts.</param>
public readonly record struct SlotToken(long Epoch, Guid Owner)
{
    /// <summary>As in the store: <c>7/0f8fad5bd9cb469fa16570867728950e</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}/{Owner:N}");

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <returns>False for anything else.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out SlotToken token)
    {
        token = default;
        var slash = text.IndexOf('/');
        if (slash < 1
            || !long.TryParse(text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !Guid.TryParseExact(text[(slash + 1)..], "N", out var owner))
        {
            return false;
        }

        token = new(epoch, owner);
        return true;
    }
}
