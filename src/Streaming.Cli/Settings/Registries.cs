using Streaming.Cli.Shell;
using Streaming.Node.Settings;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Settings;

/// <summary>The registry of models that commands work on.</summary>
internal static class Registries
{
    /// <summary>Opens it.</summary>
    public static IModelRegistry Open(NodeSettings settings, Terminal terminal) =>
        new FolderModelRegistry(new RegistryFolder(settings.RegistryDirectory, terminal.Time));

    /// <summary>Who works with it, for its records.</summary>
    public static string UserOf(Terminal terminal) =>
        terminal.Environment("USER") is { Length: > 0 } user ? user
        : terminal.Environment("LOGNAME") is { Length: > 0 } name ? name
        : Environment.UserName;
}
