using Streaming.Cli.Shell;

return await Streaming.Cli.Commands.CommandLine.RunAsync(args, Terminal.OfThisProcess(), handleSignals: true, CancellationToken.None);
