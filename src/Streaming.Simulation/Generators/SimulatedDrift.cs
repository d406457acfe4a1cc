namespace Streaming.Simulation.Generators;

/// <summary>A change of a simulated world, which a model that learnt from the days before it does not know.</summary>
public enum SimulatedDrift
{
    /// <summary>None.</summary>
    None,

    /// <summary>Every amount is 80 % higher, as after a change of prices or of the currency's unit.</summary>
    Amounts,

    /// <summary>Cards pay three times as often, as before holidays.</summary>
    Activity,
}
