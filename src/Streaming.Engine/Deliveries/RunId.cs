namespace Streaming.Engine.Deliveries;

/// <summary>Names a run among all runs of all sources.</summary>
/// <param name="Source">The source, one life of it: a source that was started again has another one.</param>
/// <param name="Number">Counts the runs of that life.</param>
internal readonly record struct RunId(Guid Source, long Number);
