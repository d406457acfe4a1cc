using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming lake</c>.</summary>
internal static class LakeCommand
{
    /// <summary>Makes the commands.</summary>
    public static Command Create(Terminal terminal) =>
        new CliCommand("lake", "Copy the log to Parquet files by topic and day, for DuckDB, pandas, Spark and training.")
        {
            LakeExportCommand.Create(terminal),
            LakeCompactCommand.Create(terminal),
            LakeListCommand.Create(terminal),
        };

    /// <summary><c>--dir</c>, the same in every command of the lake.</summary>
    public static Option<string?> Folder(string name = "--dir") => CliOptions.Text(
        name, "DIR", "The lake's folder. (default: lake beside the embedded log, data/lake)");

    /// <summary>The lake's folder: the one that is named, or the one beside the embedded log.</summary>
    public static string FolderOf(ParseResult parsed, Option<string?> folder, CliSettings settings) =>
        parsed.GetValue(folder) ?? Path.Combine(settings.Node.Embedded.Directory, "lake");

    /// <summary><c>--topic</c>.</summary>
    public static Option<string[]> Topics(string description) => new("--topic")
    {
        HelpName = "TOPIC...",
        Description = description,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The topics that were named; null where none was.</summary>
    /// <exception cref="CliFailure">One is none that this build has a schema of.</exception>
    public static string[]? Read(ParseResult parsed, Option<string[]> topics)
    {
        var names = parsed.GetValue(topics) is { Length: > 0 } given ? given.Distinct().ToArray() : null;
        return names?.FirstOrDefault(name => !EventSchemas.ByTopic.ContainsKey(name)) is not { } unknown ? names : throw new CliFailure(
            ExitCode.Usage,
            $"--topic {unknown}: there is no schema of this topic" + Hocon.NearestName.Phrase(
                unknown, EventSchemas.ByTopic.Keys.Order(StringComparer.Ordinal), "; there are ", '\''));
    }
}
