using System.CommandLine;
using System.CommandLine.Invocation;

namespace Streaming.Cli.Shell;

/// <summary>What <c>--help</c> does.</summary>
internal sealed class WriteHelp(Terminal terminal) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult) =>
        new HelpWriter(terminal.Out, Math.Min(terminal.Width, 100)).WriteAndSucceed(parseResult.CommandResult.Command);
}
