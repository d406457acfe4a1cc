using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Streaming.Scoring.Drift;

namespace Streaming.Cli.Commands;

/// <summary>The report of drift as a page that needs nothing else.</summary>
internal static class DriftPage
{
    private const string Style =
        "body{font:14px system-ui,sans-serif;margin:2em;color:#222}table{border-collapse:collapse}th,td{padding:.3em .8em;text-align:right;"
        + "border-bottom:1px solid #ddd}th:first-child,td:first-child{text-align:left}.bar{width:12em;background:#eee}.bar div{height:1em;"
        + "background:#4a7}.moderate .bar div{background:#da3}.significant .bar div{background:#c33}p{max-width:60em}";

    private static readonly string[] s_headings =
        ["Feature", "PSI", "", "Bound", "JS", "KS", "Wasserstein", "Outside", "Missing", "Drift"];

    /// <summary>The page.</summary>
    public static string Of(string model, ImmutableArray<DriftFinding> findings)
    {
        var page = new StringBuilder();
        var title = WebUtility.HtmlEncode($"Drift of {model}");
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>");
        page.Append(CultureInfo.InvariantCulture, $"<style>{Style}</style><h1>{title}</h1><p>{findings[0].Rows:N0} rows. ");
        page.Append(WebUtility.HtmlEncode(DriftComparison.Definition)).Append("</p><table><tr>");
        foreach (var heading in s_headings)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th>{heading}</th>");
        }

        page.Append("</tr>");
        foreach (var finding in findings)
        {
            Add(page, finding);
        }

        return page.Append("</table></html>\n").ToString();
    }

    private static void Add(StringBuilder page, DriftFinding finding)
    {
        var level = finding.Level is DriftLevel.Moderate or DriftLevel.Significant ? DriftReport.NameOf(finding.Level) : string.Empty;
        var width = double.IsNaN(finding.Psi) ? 0 : Math.Min(1, finding.Psi / (2 * DriftBound.Significant));
        page.Append(CultureInfo.InvariantCulture, $"<tr class=\"{level}\"><td>{WebUtility.HtmlEncode(finding.Name)}</td>");
        page.Append(CultureInfo.InvariantCulture, $"<td>{finding.Psi:0.000}</td><td><div class=\"bar\"><div style=\"width:{width:0.0%}\">");
        page.Append(CultureInfo.InvariantCulture, $"</div></div></td><td>{finding.Bound:0.000}</td><td>{finding.JensenShannon:0.000}</td>");
        page.Append(CultureInfo.InvariantCulture, $"<td>{finding.KolmogorovSmirnov:0.000}</td><td>{finding.Wasserstein:0.000}</td>");
        page.Append(CultureInfo.InvariantCulture, $"<td>{finding.OutsideRate:0.0%}</td><td>{finding.MissingRate:0.0%}</td>");
        page.Append(CultureInfo.InvariantCulture, $"<td>{WebUtility.HtmlEncode(DriftReport.NameOf(finding.Level))}</td></tr>\n");
    }
}
