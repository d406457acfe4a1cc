namespace Streaming.Engine.Deliveries;

/// <summary>
/// A message that may leave its node: a value with a manifest and bytes (docs/adr/0014-wire-format.md). In a process it goes as it is.
/// All other messages stay on their node, and say so.
/// </summary>
internal interface IWireMessage;
