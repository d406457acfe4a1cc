using System.Collections.Immutable;
using System.CommandLine;

namespace Streaming.Cli.Shell;

/// <summary>A command with what its help says beyond its options.</summary>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>Paragraphs after the options; each is wrapped.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Command lines that work exactly as written.</summary>
    public ImmutableArray<string> Examples { get; init; } = [];
}
