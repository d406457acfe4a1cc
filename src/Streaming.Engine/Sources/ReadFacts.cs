namespace Streaming.Engine.Sources;

/// <summary>The summary of an applied read; times are <see cref="long.MinValue"/> where there is none.</summary>
/// <param name="NewestEvent">The newest event time.</param>
/// <param name="NewestByClock">The newest event time that was not ahead of this node's clock when it was read.</param>
/// <param name="NewestTimestamp">The newest record timestamp.</param>
/// <param name="Events">Events that at least one feed takes and that no earlier run counted.</param>
/// <param name="Ahead">Those of them that were ahead of this node's clock.</param>
internal readonly record struct ReadFacts(long NewestEvent, long NewestByClock, long NewestTimestamp, int Events, int Ahead);
