using System.Collections.Immutable;

namespace Streaming.Cli.Shell;

/// <summary>Ends a command from any depth. Each fault is one line for people: what, where, how to correct it.</summary>
internal sealed class CliFailure(ExitCode code, ImmutableArray<string> faults, Exception? inner = null)
    : Exception(string.Join('\n', faults), inner)
{
    /// <summary>A single fault.</summary>
    public CliFailure(ExitCode code, string fault, Exception? inner = null)
        : this(code, [fault], inner)
    {
    }

    /// <summary>What the process answers.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>The lines.</summary>
    public ImmutableArray<string> Faults { get; } = faults;
}
