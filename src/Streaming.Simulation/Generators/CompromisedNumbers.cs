namespace Streaming.Simulation.Generators;

/// <summary>Which cards and terminals are compromised on a day: some are drawn each day, and stay so for days.</summary>
/// <param name="seed">The simulation's.</param>
/// <param name="day">Days since the start.</param>
internal sealed class CompromisedNumbers(ulong seed, int day)
{
    /// <summary>Whether each of a population is compromised.</summary>
    /// <param name="stream">What draws them.</param>
    /// <param name="days">How long each stays so.</param>
    /// <param name="perDay">How many are drawn each day.</param>
    /// <param name="population">How many there are.</param>
    public bool[] On(StableStream stream, int days, int perDay, int population)
    {
        var compromised = new bool[population];
        for (var since = Math.Max(0, day - days + 1); since <= day; since++)
        {
            var random = new StableRandom(seed, stream, since);
            var drawn = new HashSet<int>(perDay);
            while (drawn.Count < perDay)
            {
                drawn.Add(random.Below(population));
            }

            foreach (var number in drawn)
            {
                compromised[number] = true;
            }
        }

        return compromised;
    }
}
