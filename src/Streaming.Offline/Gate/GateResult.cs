using System.Collections.Immutable;

namespace Streaming.Offline.Gate;

/// <summary>What the admission gate found about a model file; serialises by <see cref="GateJson"/>.</summary>
public sealed record GateResult
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The file's SHA-256 as <c>sha256:</c> and 64 hexadecimal digits; empty where it could not be read.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What it was compared with: the trained model, or a file of predictions.</summary>
    public required string Reference { get; init; }

    /// <summary>The largest difference of scores that is accepted.</summary>
    public required double Bound { get; init; }

    /// <summary>How many given rows were compared.</summary>
    public required int Rows { get; init; }

    /// <summary>Why the file cannot be served at all; null where it can.</summary>
    public string? Fault { get; init; }

    /// <summary>What was looked at, in order; empty where there is a fault.</summary>
    public ImmutableArray<GateCheck> Checks { get; init; } = [];

    /// <summary>Whether the model may be put in place.</summary>
    public bool Passed => Fault is null && Checks.All(check => check.Passed);

    /// <summary>The largest difference on the given rows; null where there is a fault.</summary>
    public GateDifference? Largest => Checks.FirstOrDefault(check => check.Name == GateCheck.Rows)?.Largest;
}

/// <summary>One thing that the gate looked at.</summary>
/// <param name="Name">What: one of the constants.</param>
/// <param name="Passed">Whether it is no reason to refuse the model.</param>
/// <param name="Compared">How many scores were looked at.</param>
/// <param name="Largest">The largest difference among them; null where there was nothing to compare with.</param>
/// <param name="Finding">What to know, also where it passed; empty for nothing.</param>
public sealed record GateCheck(string Name, bool Passed, int Compared, GateDifference? Largest, string Finding)
{
    /// <summary>Every given row, scored alone as a request is.</summary>
    public const string Rows = "rows";

    /// <summary>The same rows, many in a run.</summary>
    public const string Batches = "batches";

    /// <summary>Rows in which features are missing: each in turn, and all.</summary>
    public const string Missing = "missing";

    /// <summary>Rows in which a feature lies outside what training had.</summary>
    public const string Ranges = "ranges";

    /// <summary>Rows on, just below and just above each threshold of the trees.</summary>
    public const string Thresholds = "thresholds";

    /// <summary>The trained trees, as we evaluate them, against the library that trained them.</summary>
    public const string Library = "library";
}

/// <summary>Two scores of one row.</summary>
/// <param name="Row">The row, from 1.</param>
/// <param name="Expected">What the reference says.</param>
/// <param name="Served">What the file answers as scoring runs it; NaN where it answers no number.</param>
public sealed record GateDifference(int Row, double Expected, double Served)
{
    /// <summary>How far apart they are; infinite where one is no number.</summary>
    public double Difference => double.IsNaN(Expected - Served) ? double.PositiveInfinity : Math.Abs(Expected - Served);
}
