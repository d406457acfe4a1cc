namespace Streaming.Contracts.Wire;

/// <summary>
/// The parsed head. <see cref="SchemaId"/> and <see cref="PayloadStart"/> mean something for <see cref="WireStatus.Ok"/> only.
/// </summary>
/// <param name="Status">Whether there is a payload.</param>
/// <param name="SchemaId">The writer's schema in the registry.</param>
/// <param name="PayloadStart">Where Avro's bytes begin, counted from the first byte of the value.</param>
public readonly record struct WireHead(WireStatus Status, int SchemaId, int PayloadStart);
