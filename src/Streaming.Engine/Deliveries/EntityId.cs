using System.Text;
using Akka.Actor;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// What sharding calls an entity. Keys come from events and may be any text: one that begins with <c>$</c> gets a second one, which tells
/// it from the ids of a shard's own actors.
/// </summary>
internal static class EntityId
{
    private const string Escape = "$";

    /// <summary>The entity id of a key.</summary>
    public static string Of(ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        return text.StartsWith(Escape, StringComparison.Ordinal) ? Escape + text : text;
    }

    /// <summary>The key of an entity id that is not of a shard's own actor.</summary>
    public static byte[] KeyOf(string entityId) =>
        Encoding.UTF8.GetBytes(entityId.StartsWith(Escape, StringComparison.Ordinal) ? entityId[Escape.Length..] : entityId);

    /// <summary>The name of an entity's actor, as sharding names it.</summary>
    public static string NameOf(string entityId) => Uri.EscapeDataString(entityId);

    /// <summary>The key of the entity that an actor is.</summary>
    public static byte[] KeyOf(IActorRef entity) => KeyOf(Uri.UnescapeDataString(entity.Path.Name));
}
