namespace Streaming.Chaos;

/// <summary>What became of a seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Store">garnet or redis.</param>
/// <param name="Log">embedded or kafka.</param>
internal sealed record SeedOutcome(int Seed, string Store, string Log)
{
    /// <summary>The faults, in their order.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Faults that could not be done, with the reason.</summary>
    public Dictionary<string, string> Skipped { get; } = [];

    /// <summary>What is wrong; empty when all is well.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Records in the log.</summary>
    public int Records { get; set; }

    /// <summary>Records that were sent twice.</summary>
    public long SentTwice { get; set; }

    /// <summary>Records that do not count by the rules of their topic: duplicates, and those that others corrected.</summary>
    public int NotCounted { get; set; }

    /// <summary>Records behind every window.</summary>
    public int Late { get; set; }

    /// <summary>Different dead letters, and those that were written again under the same id.</summary>
    public (int Different, int Again) DeadLetters { get; set; }

    /// <summary>Entities that were compared.</summary>
    public int Entities { get; set; }

    /// <summary>Features that differ from the fold.</summary>
    public int Mismatches { get; set; }

    /// <summary>Events that entities lack.</summary>
    public double Lost { get; set; }

    /// <summary>Events that entities have too often.</summary>
    public double Doubled { get; set; }

    /// <summary>Answers that nodes compared with the log themselves, as far as it was seen before they were killed.</summary>
    public long Compared { get; set; }

    /// <summary>Lines of nodes about answers that differ from the log.</summary>
    public int ParityFaults { get; set; }

    /// <summary>Starts of nodes.</summary>
    public int Starts { get; set; }

    /// <summary>Nodes that ended by themselves, could not start, or said that they are not live.</summary>
    public int Ends { get; set; }

    /// <summary>Answers: fresh, stale, refused or lost.</summary>
    public (long Fresh, long Stale, long Refused) Answers { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; set; }
}
