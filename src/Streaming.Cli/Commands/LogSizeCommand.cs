using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Features.Events;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming log size</c>.</summary>
internal sealed class LogSizeCommand
{
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private LogSizeCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("size", "Tell how much the embedded log holds of each topic, and since when.")
        {
            Notes =
            [
                "Changes nothing. A node may run at the same time; its GET /status tells the same. What is deleted, and when, is said by " +
                "streaming.log.embedded.retention.",
            ],
            Examples = ["streaming log size"],
        };
        var size = new LogSizeCommand(terminal, command);
        command.SetAction(size.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = LogCommand.SettingsOf(_config.Load(parsed));
        if (!File.Exists(settings.Path))
        {
            throw new CliFailure(
                ExitCode.Failed,
                $"{settings.Path}: there is no log here; start where the node runs, or name its directory (STREAMING_DATA, --config)");
        }

        await using var log = EmbeddedEventLog.Open(settings);
        var size = await log.SizeAsync(cancellation);
        _terminal.Out.WriteLine(
            $"{settings.Path}: {Bytes(size.DiskBytes)} on disk, of which {Bytes(size.FreeBytes)} are free for new records");
        foreach (var topic in size.Partitions.GroupBy(static part => part.Partition.Topic))
        {
            var since = topic.Min(static part => part.FirstMillis) is { } first ? $", from {new EventTime(first)} on" : string.Empty;
            _terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{topic.Key}: {topic.Sum(static part => part.Records)} records, {Bytes(topic.Sum(static part => part.Bytes))}{since}; "
                + $"first offsets {string.Join(", ", topic.Select(static part => part.FirstOffset))}"));
        }

        return (int)ExitCode.Ok;
    }

    private static string Bytes(long? bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes ?? 0) / 1048576.0:0.0} MiB");
}
