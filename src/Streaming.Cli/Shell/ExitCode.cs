namespace Streaming.Cli.Shell;

/// <summary>What a command tells its caller; docs/cli.md has the table. Numbers never change their meaning.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>Begun and failed: the log, a file, the model.</summary>
    Failed = 1,

    /// <summary>Not begun: the command line, a setting, a definition or a file's columns are wrong.</summary>
    Usage = 2,

    /// <summary>A node, broker or registry does not answer, or is not ready yet; trying again may help.</summary>
    Unreachable = 3,

    /// <summary>Done, and what was compared differs: an incompatible schema, a model beyond its bound.</summary>
    Different = 4,

    /// <summary>Ended by Ctrl-C or SIGTERM before it was done.</summary>
    Interrupted = 130,
}
