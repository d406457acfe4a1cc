using System.CommandLine;
using System.CommandLine.Help;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Commands;

/// <summary>Every command.</summary>
internal static class CommandTree
{
    private const string About =
        "Streaming: a feature store that scores while it streams. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not reachable or not " +
        "ready, 4 differences found, 130 interrupted.";

    /// <summary>Makes the tree for one call.</summary>
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(About)
        {
            RunCommand.Create(terminal),
            SeedCommand.Create(terminal),
            IngestCommand.Create(terminal),
            BackfillCommand.Create(terminal),
            FeaturesCommand.Create(terminal),
            ScoreCommand.Create(terminal),
            DeadLettersCommand.Create(terminal),
            ReplayCommand.Create(terminal),
            WhereCommand.Create(terminal),
            LogCommand.Create(terminal),
            LakeCommand.Create(terminal),
            DatasetCommand.Create(terminal),
            SchemaCommand.Create(terminal),
            TrainCommand.Create(terminal),
            ModelsCommand.Create(terminal),
            DriftCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            WhatIfCommand.Create(terminal),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new WriteHelp(terminal);
            help.Description = "Show this help.";
        }

        foreach (var version in root.Options.OfType<VersionOption>())
        {
            version.Description = "Show the version.";
        }

        root.SetAction(_ => new HelpWriter(terminal.Out, Math.Min(terminal.Width, 100)).WriteAndSucceed(root));
        return root;
    }
}
