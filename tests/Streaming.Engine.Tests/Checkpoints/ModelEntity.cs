namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>An entity in memory.</summary>
internal sealed class ModelEntity(ModelState state)
{
    public ModelState State { get; set; } = state;

    public bool IsDirty { get; set; }

    public bool IsWritten { get; set; } = true;

    /// <summary>The last run that it took a delivery of: it asks for its admission once.</summary>
    public ModelRun? Admitted { get; set; }
}
