using Streaming.Scoring.Drift;

namespace Streaming.Node.Http;

/// <summary>The answer of GET /drift.</summary>
/// <param name="Model">The model that scored.</param>
/// <param name="Definition">What the numbers mean.</param>
/// <param name="Window">Seconds that are compared.</param>
/// <param name="Level">The worst of all.</param>
/// <param name="Features">One for each feature of the model, and one for the score, last.</param>
internal sealed record DriftBody(string Model, string Definition, double Window, string Level, DriftFeatureBody[] Features)
{
    /// <summary>The answer for some findings.</summary>
    public static DriftBody Of(string model, TimeSpan window, IReadOnlyCollection<DriftFinding> findings) => new(
        model,
        DriftComparison.Definition,
        window.TotalSeconds,
        NameOf(findings.Count == 0 ? DriftLevel.TooFewRows : findings.Max(finding => finding.Level)),
        [.. findings.Select(DriftFeatureBody.Of)]);

    /// <summary>A level in JSON.</summary>
    public static string NameOf(DriftLevel level) => level switch
    {
        DriftLevel.TooFewRows => "too_few_rows",
        DriftLevel.None => "none",
        DriftLevel.Moderate => "moderate",
        _ => "significant",
    };
}

/// <summary>A feature, or the score, beside its training. Numbers are null where one side has no values.</summary>
internal sealed record DriftFeatureBody(
    string Name,
    long Rows,
    double? Psi,
    double? PsiBound,
    double? JensenShannon,
    double? KolmogorovSmirnov,
    double? Wasserstein,
    double? OutsideRatio,
    double? MissingRatio,
    double? TrainingMissingRatio,
    string Level)
{
    /// <summary>The body of a finding.</summary>
    public static DriftFeatureBody Of(DriftFinding finding) => new(
        finding.Name,
        finding.Rows,
        Number(finding.Psi),
        Number(finding.Bound),
        Number(finding.JensenShannon),
        Number(finding.KolmogorovSmirnov),
        Number(finding.Wasserstein),
        Number(finding.OutsideRate),
        Number(finding.MissingRate),
        Number(finding.BaselineMissingRate),
        DriftBody.NameOf(finding.Level));

    private static double? Number(double value) => double.IsFinite(value) ? value : null;
}
