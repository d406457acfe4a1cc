using System.Buffers;
using System.Globalization;

namespace Streaming.Persistence.Redis;

/// <summary>Names a slot: what the store holds of one shard in one life of the derived state.</summary>
/// <param name="Generation">The life; 0 or more.</param>
/// <param name="EntityType">The type of the shard's entities: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Shard">The shard's number; 0 or more.</param>
public readonly record struct SlotAddress(long Generation, string EntityType, int Shard)
{
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>As in keys: <c>3.card.17</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Generation}.{EntityType}.{Shard}");

    /// <summary>Refuses an address that would make a wrong key.</summary>
    /// <exception cref="ArgumentException">A number is negative, or the type empty or not of the letters above.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Generation);
        ArgumentOutOfRangeException.ThrowIfNegative(Shard);
        ArgumentException.ThrowIfNullOrEmpty(EntityType);
        if (EntityType.AsSpan().ContainsAnyExcept(s_allowed))
        {
            throw new ArgumentException($"the entity type \"{EntityType}\" has other characters than letters, digits, \"-\" and \"_\"");
        }
    }
}
