using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Offline.Lake;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming lake compact</c>.</summary>
internal sealed class LakeCompactCommand
{
    private const int MebibyteBits = 20;
    private readonly Option<string[]> _topics = LakeCommand.Topics("The topics. (default: all of the lake)");
    private readonly Option<string?> _folder = LakeCommand.Folder();
    private readonly Option<int> _target = CliOptions.Integer(
        "--target", "MIB", "Files of that size are left alone.", (int)(LakeCompaction.TargetBytesDefault >> MebibyteBits), 1, 4096);

    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private LakeCompactCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_topics);
        command.Add(_folder);
        command.Add(_target);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("compact", "Merge the small files of each day and partition.")
        {
            Notes =
            [
                "A day's new folder takes the place of the old one in one step, so that readers find each row once. One that listed the " +
                "old files and opens them later may not find them, and lists them again. An export with --follow merges by itself.",
            ],
            Examples = ["streaming lake compact", "streaming lake compact --topic transactions --target 128"],
        };
        var compact = new LakeCompactCommand(terminal, command);
        command.SetAction(compact.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = LakeCommand.FolderOf(parsed, _folder, _config.Load(parsed));
        var topics = LakeCommand.Read(parsed, _topics) ?? [.. LakeListCommand.Require(folder).Select(status => status.Topic)];
        foreach (var topic in topics)
        {
            var (before, after) = await LakeCompaction.RunAsync(
                folder, topic, (long)parsed.GetValue(_target) << MebibyteBits, cancellation: cancellation);
            _terminal.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{topic}: {Counted.Of(before, "file")}, now {after:N0}"));
        }

        return (int)ExitCode.Ok;
    }
}
