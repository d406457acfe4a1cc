using Streaming.Cli.Commands;
using Streaming.Cli.Shell;

return await CommandLine.RunAsync(args, Terminal.OfThisProcess(), handleSignals: true, CancellationToken.None);
