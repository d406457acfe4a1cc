namespace Streaming.Engine.Checkpoints;

/// <summary>Where a run of a source began to read its partition.</summary>
/// <param name="Offset">The first offset that it read.</param>
/// <param name="IsLogsBeginning">Whether the log has nothing before it: no run can begin earlier.</param>
internal readonly record struct RunStart(long Offset, bool IsLogsBeginning);
