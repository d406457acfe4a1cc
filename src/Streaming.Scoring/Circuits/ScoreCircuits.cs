namespace Streaming.Scoring.Circuits;

/// <summary>The circuits of a node's scores.</summary>
/// <param name="settings">When they open.</param>
/// <param name="clock">The clock.</param>
/// <param name="changed">Called when the circuit of an entity type opens, half-opens or closes, with the type and the state.</param>
public sealed class ScoreCircuits(CircuitSettings settings, TimeProvider clock, Action<string, string> changed)
{
    /// <summary>Those of entities, which all models share.</summary>
    public EntityCircuits Entities { get; } = new(settings, clock, changed);

    /// <summary>One for a version of a model.</summary>
    public ModelCircuit NewModel() => new(settings, clock);
}
