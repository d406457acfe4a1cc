using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Offline.Histories;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Commands;

/// <summary>What <c>streaming ingest</c> tells: what an operator may not have meant, and what was written.</summary>
internal sealed class IngestNotes(Terminal terminal, TopicContract topic)
{
    /// <summary>Another ingest runs.</summary>
    /// <param name="lease">Null where another one has it.</param>
    public void NoteOther(FileLease? lease)
    {
        if (lease is null)
        {
            terminal.Note(
                $"another ingest writes into this log. If both have {topic.Name} of the same time span, the events of the slower one " +
                "come late, and a node may leave them out; to be safe, run one after the other");
        }
    }

    /// <summary>Events are older than those before them.</summary>
    public void NoteLate(LateRows late)
    {
        if (late.Count > 0)
        {
            terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{late.Count:N0} of the events {Counted.Are(late.Count)} more than a day older than events before them in " +
                $"{topic.Name}: a node leaves out events that are older than its longest window. " +
                $"For a history, give the files in the order of time and use a separate log (STREAMING_DATA=DIR). Ctrl-C stops this " +
                $"and says what is written"));
        }
    }

    /// <summary>Events are in the topic already.</summary>
    /// <param name="repeated">The first file of which they are, and how many of those that were looked up; null if none are.</param>
    public void NoteRepeated((TableFile File, int Written, int LookedUp)? repeated)
    {
        if (repeated is var (file, written, lookedUp))
        {
            terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{file.Path}: {written} of the {lookedUp} rows that were looked up in {topic.Name} {Counted.Are(written)} there " +
                $"already (up to 16 of a file are looked up, spread over it). Events that are written twice count once within the " +
                $"horizon that the topic declares (duplicates), else twice. Ctrl-C stops this; an ingest that was interrupted goes on " +
                $"with --skip"));
        }
    }

    /// <summary>Events are written.</summary>
    public void Report(bool json, long rows, double seconds, bool isRepeated)
    {
        if (json)
        {
            Shell.Report.Json(terminal, new { Topic = topic.Name, Events = rows, Seconds = Math.Round(seconds, 3) });
            return;
        }

        var rate = rows / Math.Max(seconds, 0.001);
        terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Counted.Of(rows, "event")} written to {topic.Name} in {seconds:0.0} s ({rate:N0} events/s)") +
            (isRepeated ? "; some were there before: they count twice where the topic's duplicates do not reach them" : string.Empty));
    }
}
