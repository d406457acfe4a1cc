namespace Streaming.Cli.Commands;

/// <summary>What a comparison is to do.</summary>
/// <param name="Inputs">The files of the history.</param>
/// <param name="Candidate">The only candidate that is run; null for all.</param>
/// <param name="WithTest">Whether the test folds are looked at.</param>
/// <param name="Report">Where the report goes; null for none.</param>
/// <param name="Output">The file that the best candidate is written to; null for none.</param>
/// <param name="Json">Prints JSON instead of tables.</param>
internal sealed record ComparisonOptions(
    string[] Inputs, string? Candidate, bool WithTest, string? Report, string? Output, bool Json);
