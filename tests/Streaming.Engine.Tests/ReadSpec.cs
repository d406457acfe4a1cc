namespace Streaming.Engine.Tests;

/// <summary>As in a node.</summary>
public sealed class ReadSpec() : ReadConformance(direct: true, bytes: false);

/// <summary>As from another node, directly to actors.</summary>
public sealed class ReadByBytesSpec() : ReadConformance(direct: true, bytes: true);

/// <summary>As from another node.</summary>
public sealed class ReadByBytesThroughRegionsSpec() : ReadConformance(direct: false, bytes: true);
