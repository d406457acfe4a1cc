using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Log.Embedded;
using Streaming.Node.Settings;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming log</c>.</summary>
internal sealed class LogCommand
{
    private readonly ConfigOption _config;
    private readonly Func<EmbeddedLogSettings, int> _run;

    private LogCommand(Terminal terminal, Command command, Func<Terminal, EmbeddedLogSettings, int> run)
    {
        _run = settings => run(terminal, settings);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the commands.</summary>
    public static Command Create(Terminal terminal) =>
        new CliCommand("log", "Measure and check the embedded event log, and go on without records that it lost.")
        {
            LogSizeCommand.Create(terminal),
            Of(terminal, Check, new CliCommand("check", "Read the whole embedded log and list what is wrong with it.")
            {
                Notes =
                [
                    "Changes nothing. The exit code is 4 when something is wrong. A node may run at the same time.",
                ],
                Examples = ["streaming log check"],
            }),
            Of(terminal, AcceptLoss, new CliCommand("accept-loss", "Repair a damaged embedded log, accepting what it lost.")
            {
                Notes =
                [
                    "A node refuses a log that lost records. If you have a copy, restore events.db, events.db-wal and " +
                    "events.db-ends from it. If you have none, this command accepts the loss: lost offsets hold no records from " +
                    "then on, and every other record keeps its offset. If no record is left, the files get the ending .lost-N and " +
                    "the log begins again, empty. First stop the node, and copy the three files if the damage is to be examined " +
                    "later. The command does nothing to a log that is whole.",
                ],
                Examples = ["streaming log accept-loss"],
            }),
        };

    private static CliCommand Of(Terminal terminal, Func<Terminal, EmbeddedLogSettings, int> run, CliCommand command)
    {
        var log = new LogCommand(terminal, command, run);
        command.SetAction(log.Run);
        return command;
    }

    /// <summary>The embedded log's settings.</summary>
    /// <exception cref="CliFailure">The settings name Kafka.</exception>
    public static EmbeddedLogSettings SettingsOf(CliSettings settings) => settings.Node.Kafka.IsSet
        ? throw new CliFailure(
            ExitCode.Usage,
            "log: these settings name Kafka, and this command is for the embedded log; leave out kafka.bootstrap.servers " +
            "(KAFKA_BOOTSTRAP_SERVERS) to use it")
        : LogSettings.Of(settings.Node.Embedded);

    private int Run(ParseResult parsed) => _run(SettingsOf(_config.Load(parsed)));

    private static int Check(Terminal terminal, EmbeddedLogSettings settings)
    {
        var faults = EmbeddedLogRepair.Check(settings);
        if (faults.Count > 0)
        {
            throw new CliFailure(
                ExitCode.Different,
                [
                    .. faults,
                    $"{settings.Path} is damaged: restore it from a copy, or accept the loss with 'streaming log accept-loss'",
                ]);
        }

        terminal.Out.WriteLine($"{settings.Path} is whole");
        return (int)ExitCode.Ok;
    }

    private static int AcceptLoss(Terminal terminal, EmbeddedLogSettings settings)
    {
        var done = EmbeddedLogRepair.AcceptLoss(settings);
        foreach (var line in done)
        {
            terminal.Out.WriteLine(line);
        }

        terminal.Out.WriteLine(
            done.Count == 0
                ? $"{settings.Path} is whole; nothing was changed"
                : $"{settings.Path} is whole again, without the records named above");
        return (int)ExitCode.Ok;
    }
}
