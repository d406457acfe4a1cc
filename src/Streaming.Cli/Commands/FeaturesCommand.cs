using System.CommandLine;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming features</c>: what is declared, and what a node knows.</summary>
internal static class FeaturesCommand
{
    /// <summary>Makes the commands.</summary>
    public static Command Create(Terminal terminal) =>
        new CliCommand("features", "Show feature definitions, and ask a node for an entity's features.")
        {
            FeaturesListCommand.Create(terminal),
            FeaturesShowCommand.Create(terminal),
            FeaturesGetCommand.Create(terminal),
        };
}
