using System.Collections.Immutable;
using System.Text;
using Markdig;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Offline.Training.Reports;

/// <summary>
/// Writes a protocol's report: MODEL-NAME.md with its plots in the folder MODEL-NAME, and MODEL-NAME.html, which has them within.
/// </summary>
public static class ComparisonFiles
{
    private const string Style =
        "body{font-family:sans-serif;max-width:70em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;margin:1em 0}" +
        "td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left}svg{max-width:100%;height:auto}";

    /// <summary>Writes it, over an older one.</summary>
    /// <param name="directory">Where; made if it is not there.</param>
    /// <param name="command">The command that made it, for readers.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="results">What became of its candidates.</param>
    /// <returns>The files, the Markdown first.</returns>
    public static ImmutableArray<string> Write(
        string directory, string command, TrainingProtocol protocol, IReadOnlyList<CandidateResult> results)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(results);
        var name = $"{protocol.Model}-{protocol.Name}";
        Directory.CreateDirectory(Path.Combine(directory, name));
        var decisions = results.Select(result => DecisionResult.Of(protocol, result)).ToArray();
        var (plots, svgs) = (new List<IReadOnlyList<(string, string)>>(), new Dictionary<string, string>());
        for (var i = 0; i < results.Count; i++)
        {
            var own = new List<(string, string)>();
            foreach (var (plot, title, svg) in new CandidatePlots(protocol, results[i], decisions[i]).All())
            {
                var path = $"{name}/{results[i].Candidate.Name}-{plot}.svg";
                svgs.Add(path, svg);
                own.Add((title, path));
            }

            plots.Add(own);
        }

        var markdown = new ComparisonDocument(protocol, results).Write(command, decisions, plots);
        return
        [
            Put($"{name}.md", markdown),
            Put($"{name}.html", Html(name, markdown, svgs)),
            .. svgs.Select(svg => Put(svg.Key, svg.Value)),
        ];

        string Put(string file, string text)
        {
            File.WriteAllText(Path.Combine(directory, file), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return Path.Combine(directory, file);
        }
    }

    private static string Html(string title, string markdown, Dictionary<string, string> svgs)
    {
        var body = Markdown.ToHtml(markdown, new MarkdownPipelineBuilder().UsePipeTables().Build());
        foreach (var (path, svg) in svgs)
        {
            var from = body.IndexOf($"<img src=\"{path}\"", StringComparison.Ordinal);
            var to = body.IndexOf("/>", from, StringComparison.Ordinal) + "/>".Length;
            body = string.Concat(body.AsSpan(0, from), svg, body.AsSpan(to));
        }

        return $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>{Style}</style>\n" +
            $"</head>\n<body>\n{body}</body>\n</html>\n";
    }
}
