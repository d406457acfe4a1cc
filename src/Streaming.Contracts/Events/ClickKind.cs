namespace Streaming.Contracts.Events;

/// <summary>What a user did with an item; the symbols of the Avro enum in the same order.</summary>
public enum ClickKind
{
    /// <summary>Looked at it.</summary>
    View,

    /// <summary>Put it into the cart.</summary>
    Cart,

    /// <summary>Bought it.</summary>
    Purchase,
}
