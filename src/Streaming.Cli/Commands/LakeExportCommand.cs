using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Offline.Lake;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming lake export</c>.</summary>
internal sealed class LakeExportCommand
{
    // Beside a node a file is written every minute: sixteen of a day and partition become one.
    private const int FilesUntilMerged = 16;
    private const int ToldMax = 20;
    private readonly Option<string[]> _topics = LakeCommand.Topics("The topics. (default: all that the log has)");
    private readonly Option<string?> _folder = LakeCommand.Folder();
    private readonly Option<bool> _follow = CliOptions.Flag(
        "--follow", "Go on until Ctrl-C, beside a node: export what comes, and merge small files.");

    private readonly Option<TimeSpan?> _every = CliOptions.Duration(
        "--every", "TIME", "With --follow: how long to wait between two exports.", TimeSpan.FromMinutes(1));

    private readonly Option<bool> _acceptGaps = CliOptions.Flag(
        "--accept-gaps", "Go on where retention deleted records before they were exported.");

    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;
    private long _told;

    private LakeExportCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        foreach (var option in (ReadOnlySpan<Option>)[_topics, _folder, _follow, _every, _acceptGaps, _json])
        {
            command.Add(option);
        }

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("export", "Copy what the log has, and the lake has not yet.")
        {
            Notes =
            [
                "Each record comes into the lake once, whatever crashes: the files' names say which offsets they have, and the next " +
                "export goes on behind them. A node may run at the same time.",
                "Records that cannot be decoded are told with their place, and listed in _lake/TOPIC/undecodable.",
            ],
            Examples =
            [
                "streaming lake export",
                "streaming lake export --topic transactions labels --dir /data/lake",
                "streaming lake export --follow --every 30s",
            ],
        };
        var export = new LakeExportCommand(terminal, command);
        command.SetAction(export.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var asked = LakeCommand.Read(parsed, _topics);
        var settings = _config.Load(parsed);
        DeadLettersCommand.RequireLog(settings);
        await using var connection = settings.Connect(_terminal.Note);
        var folder = LakeCommand.FolderOf(parsed, _folder, settings);
        var exports = new Dictionary<string, LakeExport>(StringComparer.Ordinal);
        try
        {
            return parsed.GetValue(_follow)
                ? await FollowAsync(parsed, folder, asked, connection, exports, cancellation)
                : await OnceAsync(parsed, folder, asked, connection, exports, cancellation);
        }
        finally
        {
            foreach (var export in exports.Values)
            {
                export.Dispose();
            }
        }
    }

    private async Task<int> OnceAsync(
        ParseResult parsed,
        string folder,
        string[]? asked,
        EventConnection connection,
        Dictionary<string, LakeExport> exports,
        CancellationToken cancellation)
    {
        var results = new List<(string Topic, LakeExportResult Result)>();
        foreach (var topic in await TopicsAsync(asked, connection.Log, cancellation))
        {
            var export = Open(parsed, folder, topic, connection, exports);
            results.Add((topic, await ProgressLine.ShowAsync(
                _terminal, $"export {topic}", "records", 0, progress => export.RunAsync(new Relay(progress), cancellation))));
        }

        if (parsed.GetValue(_json))
        {
            Report.Json(_terminal, new
            {
                Topics = results.Select(each => new { each.Topic, each.Result.Rows, each.Result.Files, each.Result.Undecodable }),
            });
        }
        else
        {
            results.ForEach(each => Print(each.Topic, each.Result));
            if (results.Count == 0)
            {
                _terminal.Out.WriteLine("the log has no topics yet");
            }
        }

        return (int)ExitCode.Ok;
    }

    private async Task<int> FollowAsync(
        ParseResult parsed,
        string folder,
        string[]? asked,
        EventConnection connection,
        Dictionary<string, LakeExport> exports,
        CancellationToken cancellation)
    {
        var every = parsed.GetValue(_every)!.Value;
        _terminal.GiveWay();
        while (true)
        {
            try
            {
                foreach (var topic in await TopicsAsync(asked, connection.Log, cancellation))
                {
                    var export = Open(parsed, folder, topic, connection, exports);
                    var result = await export.RunAsync(null, cancellation);
                    if (result.Rows + result.Undecodable > 0)
                    {
                        Print(topic, result);
                        await export.CompactAsync(FilesUntilMerged, cancellation);
                    }
                }
            }
            catch (Exception outage) when (outage is EventLogException { Retriable: true }
                or IngestException { Failure: IngestFailure.RegistryAway })
            {
                _terminal.Note($"{outage.Message}; trying again");
            }

            await Task.Delay(every, _terminal.Time, cancellation);
        }
    }

    private static async Task<IReadOnlyList<string>> TopicsAsync(string[]? asked, IEventLog log, CancellationToken cancellation)
    {
        var there = new List<string>();
        foreach (var topic in asked ?? [.. EventSchemas.ByTopic.Keys.Order(StringComparer.Ordinal)])
        {
            if (asked is not null || await log.DescribeTopicAsync(topic, cancellation) is not null)
            {
                there.Add(topic);
            }
        }

        return there;
    }

    private LakeExport Open(
        ParseResult parsed, string folder, string topic, EventConnection connection, Dictionary<string, LakeExport> exports)
    {
        if (!exports.TryGetValue(topic, out var export))
        {
            var options = new LakeExportOptions
            {
                Folder = folder,
                Topic = topic,
                AcceptGaps = parsed.GetValue(_acceptGaps),
            };
            export = new LakeExport(options, connection.Log, connection.Registry);
            export.Noted += _terminal.Note;
            export.Undecodable += Tell;
            exports.Add(topic, export);
        }

        return export;
    }

    private void Tell(string undecodable)
    {
        _told++;
        if (_told <= ToldMax)
        {
            _terminal.Note(undecodable);
        }
        else if (_told == ToldMax + 1)
        {
            _terminal.Note("more that cannot be decoded is listed in the lake's _lake/TOPIC/undecodable, and not told here");
        }
    }

    private void Print(string topic, LakeExportResult result)
    {
        var undecodable = result.Undecodable > 0 ? $", {Counted.Of(result.Undecodable, "record")} could not be decoded" : string.Empty;
        _terminal.Out.WriteLine(
            $"{topic}: {Counted.Of(result.Rows, "row")} exported to {Counted.Of(result.Files, "file")}{undecodable}");
    }

    private sealed class Relay(ProgressLine line) : IProgress<LakeExportProgress>
    {
        public void Report(LakeExportProgress value) => line.Report(value.Done, value.Total);
    }
}
