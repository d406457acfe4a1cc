using System.Collections.Immutable;
using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Engine.Replays;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming where</c>: what became of an event.</summary>
internal sealed class WhereCommand
{
    private readonly Argument<string> _event = new("EVENT") { Description = "An event's id, or its place: topic:partition:offset." };
    private readonly Option<string?> _topic = CliOptions.Text("--topic", "TOPIC", "Search an id in this topic only.");
    private readonly Option<string?> _since = CliOptions.Text("--since", "TIME", "Search an id from records of this timestamp on.");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private WhereCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_event);
        command.Add(_topic);
        command.Add(_since);
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("where", "Say what became of an event.")
        {
            Notes =
            [
                "For each entity that the event feeds: applied, and by which flush of its shard's slot it is vouched for; a duplicate; " +
                "out of the windows, because it came late or has left them since; a dead letter, and why; or still ahead of the node. " +
                "An id is " +
                "searched in the whole log, newest topics included: --topic and --since narrow that. It asks the node of this machine " +
                "that works on the same data; where none runs, its store of snapshots. Keys are masked.",
            ],
            Examples =
            [
                "streaming where transactions:2:105",
                "streaming where 8f14e45f-ceea-467f-a8b2 --topic transactions --since 2026-03-01T00:00:00Z",
            ],
        };
        var where = new WhereCommand(terminal, command);
        command.SetAction(where.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (text, since) = (parsed.GetValue(_event)!, Times.Read(parsed, _since));
        var settings = _config.Load(parsed);
        DeadLettersCommand.RequireLog(settings);
        var catalog = Definitions.Features(settings.Node.FeaturesDirectory);
        await using var connection = settings.Connect(_terminal.Note);
        var services = new ReplayServices(connection.Log, connection.Registry, catalog, settings.Engine, _terminal.Time);
        var search = new EventSearch(services);
        var topics = Topics(search, parsed.GetValue(_topic));
        var place = EventArgument.PlaceOf(text, search.Topics);
        if (place is not null && (parsed.GetValue(_topic) is not null || since is not null))
        {
            throw new CliFailure(
                ExitCode.Usage, "where: --topic and --since narrow the search of an id; leave them out with topic:partition:offset");
        }

        var found = place is { } at
            ? await AtAsync(services, search, at, cancellation)
            : await FindAsync(services, search, text, topics, since, cancellation);
        await using var receipts = await Receipts.OpenAsync(settings, services, cancellation);
        await receipts.LoadAsync(found.Select(each => each.Place), cancellation);
        var traced = new List<TracedEvent>();
        foreach (var each in found)
        {
            traced.Add(await receipts.OfAsync(each, cancellation));
        }

        WhereReport.Print(_terminal, traced, parsed.GetValue(_json), receipts.Note);
        return receipts.Away is { } away ? throw new CliFailure(ExitCode.Unreachable, $"where: {away}")
            : (int)(traced.Count > 0 ? ExitCode.Ok : ExitCode.Failed);
    }

    private static ImmutableArray<string> Topics(EventSearch search, string? topic) =>
        topic is null ? search.Topics
        : search.Topics.Contains(topic) ? [topic]
        : throw new CliFailure(ExitCode.Usage, $"--topic is '{topic}', expected one of {string.Join(", ", search.Topics)}");

    private static async Task<List<FoundEvent>> AtAsync(
        ReplayServices services, EventSearch search, EventPlace place, CancellationToken cancellation)
    {
        if (!search.Topics.Contains(place.Topic))
        {
            throw new CliFailure(
                ExitCode.Usage, $"where: no feature view reads a topic {place.Topic}; there are {string.Join(", ", search.Topics)}");
        }

        var topic = await services.Log.DescribeTopicAsync(place.Topic, cancellation);
        if (topic is null || topic.Partitions <= place.Partition)
        {
            throw new CliFailure(ExitCode.Usage, $"where: the log has no {place.InPartition}: {topic?.Partitions ?? 0} partitions");
        }

        var (from, end) = await search.RangeAsync(place.InPartition, null, cancellation);
        return place.Offset >= end || place.Offset < from
            ? throw new CliFailure(
                ExitCode.Usage,
                $"where: {place.InPartition} has offsets {from} to {end - 1}: {place.Offset} is " +
                (place.Offset < from ? "no longer kept" : "not written yet"))
            : await search.AtAsync(place, cancellation) is { } found ? [found]
            : throw new CliFailure(ExitCode.Usage, $"where: {place} holds no record (a transaction's marker, or compacted)");
    }

    private async Task<List<FoundEvent>> FindAsync(
        ReplayServices services,
        EventSearch search,
        string id,
        ImmutableArray<string> topics,
        long? since,
        CancellationToken cancellation)
    {
        var ranges = new List<(TopicPartition Partition, (long From, long End) Range)>();
        foreach (var topic in topics)
        {
            for (var i = 0; i < ((await services.Log.DescribeTopicAsync(topic, cancellation))?.Partitions ?? 0); i++)
            {
                var partition = new TopicPartition(topic, i);
                ranges.Add((partition, await search.RangeAsync(partition, since, cancellation)));
            }
        }

        return await ProgressLine.ShowAsync(
            _terminal, "search", "events", ranges.Sum(range => range.Range.End - range.Range.From), async progress =>
            {
                var (found, done) = (new List<FoundEvent>(), 0L);
                foreach (var (partition, range) in ranges)
                {
                    found.AddRange(await search.FindAsync(partition, range, id, some => progress.Report(done + some), cancellation));
                    done += range.End - range.From;
                }

                return found;
            });
    }
}
