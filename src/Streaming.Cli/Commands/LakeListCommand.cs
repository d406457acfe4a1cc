using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Offline.Lake;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming lake ls</c>.</summary>
internal sealed class LakeListCommand
{
    private readonly Option<string?> _folder = LakeCommand.Folder();
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private LakeListCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_folder);
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("ls", "Tell what the lake has of each topic.")
        {
            Notes =
            [
                "NEXT is, for each partition, the offset that the next export begins at. UNFINISHED batches were left by a crash; the " +
                "next export completes them.",
            ],
            Examples = ["streaming lake ls", "streaming lake ls --dir /data/lake --json"],
        };
        var list = new LakeListCommand(terminal, command);
        command.SetAction(list.Run);
        return command;
    }

    /// <summary>What a lake has.</summary>
    /// <exception cref="CliFailure">There is none.</exception>
    public static ImmutableArray<LakeStatus> Require(string folder) => LakeStatus.Of(folder) is { IsEmpty: false } topics
        ? topics
        : throw new CliFailure(
            ExitCode.Usage, $"{folder}: there is no lake here; name its folder (--dir), or make one: streaming lake export");

    private int Run(ParseResult parsed)
    {
        var topics = Require(LakeCommand.FolderOf(parsed, _folder, _config.Load(parsed)));
        if (parsed.GetValue(_json))
        {
            Report.Json(_terminal, new { Topics = topics.AsEnumerable() });
        }
        else
        {
            Report.Table(_terminal, ["topic", "rows", "files", "size", "days", "next", "undecodable", "unfinished"], topics.Select(RowOf));
        }

        return (int)ExitCode.Ok;
    }

    private static IReadOnlyList<string> RowOf(LakeStatus topic) =>
    [
        topic.Topic,
        Number(topic.Rows),
        Number(topic.Files),
        string.Create(CultureInfo.InvariantCulture, $"{topic.Bytes / 1048576.0:0.0} MiB"),
        topic.FirstDay is null ? "-" : $"{topic.FirstDay} to {topic.LastDay}",
        string.Join(' ', topic.Next.Select(next => string.Create(CultureInfo.InvariantCulture, $"{next.Key}:{next.Value}"))),
        Number(topic.Undecodable),
        Number(topic.Unfinished),
    ];

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
