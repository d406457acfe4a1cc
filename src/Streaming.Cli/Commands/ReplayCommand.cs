using System.CommandLine;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming replay</c>: dead letters, and the whole log.</summary>
internal static class ReplayCommand
{
    /// <summary>Makes the group.</summary>
    public static Command Create(Terminal terminal)
    {
        var group = new CliCommand("replay", "Bring dead letters back; build all features from the log again.");
        group.Add(ReplayDlqCommand.Create(terminal));
        group.Add(ReplayFromCommand.Create(terminal));
        return group;
    }
}
