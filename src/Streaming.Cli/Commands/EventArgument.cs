using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Streaming.Cli.Shell;
using Streaming.Ingest;

namespace Streaming.Cli.Commands;

/// <summary>What <c>streaming where</c> is asked for: a place in the log, or an id.</summary>
internal static partial class EventArgument
{
    private const string Expected = "expected an event's id, or topic:partition:offset with whole numbers from 0 on";

    /// <summary>The place; null where the text is an id.</summary>
    /// <param name="text">The text.</param>
    /// <param name="topics">The topics whose events have a place.</param>
    /// <exception cref="CliFailure">It is empty, or was meant as a place and is none.</exception>
    public static EventPlace? PlaceOf([NotNull] string? text, IEnumerable<string> topics)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new CliFailure(ExitCode.Usage, $"where: EVENT is empty; {Expected}");
        }

        if (EventPlace.TryParse(text, out var place))
        {
            return place;
        }

        // An id may have colons, too: only what begins as a place, or ends as one, is taken for a mistake.
        var topic = text.Split(':', '/')[0];
        var isMeant = topic.Length < text.Length && (string.IsNullOrWhiteSpace(topic) || topics.Contains(topic) || Numbers().IsMatch(text));
        return isMeant ? throw new CliFailure(ExitCode.Usage, $"where: EVENT is '{text}', {Expected}") : null;
    }

    [GeneratedRegex("^[^:/]*([:/])[-+]?[0-9]+\\1[-+]?[0-9]+$")]
    private static partial Regex Numbers();
}
