using Streaming.Offline.Training.Protocols;
using Streaming.Offline.Training.Reports;

namespace Streaming.Offline.Tests.Training.Reports;

public sealed class ComparisonFilesSpec
{
    private static readonly string[] s_plots = ["roc", "precision-recall", "lift", "calibration", "scores", "importance", "costs"];

    [Fact]
    public void A_report_has_every_plot_of_every_candidate_and_is_the_same_bytes_each_time()
    {
        using var folder = new TempFolder();
        var (first, second) = (Write(folder["a"]), Write(folder["b"]));
        Assert.Equal(["fraud-small.md", "fraud-small.html", .. from name in (string[])["line", "trees"] from plot in s_plots select $"{name}-{plot}.svg"], first.Select(Path.GetFileName));
        Assert.All(first.Zip(second), pair => Assert.Equal(File.ReadAllText(pair.First), File.ReadAllText(pair.Second)));
        Assert.All(first.Skip(2), plot => Assert.StartsWith("<svg", File.ReadAllText(plot), StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_has_its_plots_within_and_the_text_names_them_and_the_command()
    {
        using var folder = new TempFolder();
        var files = Write(folder["a"]);
        var (markdown, html) = (File.ReadAllText(files[0]), File.ReadAllText(files[1]));
        Assert.Contains("    train it\n", markdown, StringComparison.Ordinal);
        Assert.All(files.Skip(2), plot => Assert.Contains($"](fraud-small/{Path.GetFileName(plot)})", markdown, StringComparison.Ordinal));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Equal(2 * s_plots.Length, html.Split("<svg").Length - 1);
        Assert.Contains("<table>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_ends_where_all_rows_are_found()
    {
        float[] labels = [1, 0, 1, 0];
        double[] scores = [0.9, 0.8, 0.7, 0.7];
        Assert.Equal([(0, 0.5), (0.5, 0.5), (1, 1)], CurvePoints.Roc(labels, scores));
        Assert.Equal([(0.5, 1), (0.5, 0.5), (1, 0.5)], CurvePoints.PrecisionRecall(labels, scores));
        Assert.Equal([(0.25, 2), (0.5, 1), (1, 1)], CurvePoints.Lift(labels, scores));
    }

    [Fact]
    public void A_thinned_curve_has_some_hundreds_of_points_and_its_end()
    {
        var points = CurvePoints.Thin([.. Enumerable.Range(0, 100_001).Select(i => (i / 100_000.0, i / 100_000.0))], 1, 1);
        Assert.InRange(points.Count, 400, 502);
        Assert.Equal((1.0, 1.0), points[^1]);
    }

    private static System.Collections.Immutable.ImmutableArray<string> Write(string directory)
    {
        var (protocol, set) = (Protocols.Protocols.Small(), Rows.Random(seed: 111, rows: 6_000));
        CandidateResult[] results = [.. protocol.Candidates.Select(candidate => ProtocolRun.Run(protocol, candidate, set, true, _ => { }, CancellationToken.None))];
        return ComparisonFiles.Write(directory, "train it", protocol, results);
    }
}
