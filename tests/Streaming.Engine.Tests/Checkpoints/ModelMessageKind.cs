namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>What a message says.</summary>
internal enum ModelMessageKind
{
    Delivery,
    Confirmation,
    End,
}
