using Streaming.Cli.Shell;
using Streaming.Node.Settings;
using Streaming.Offline.MLflow;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Settings;

/// <summary>The registry of models that commands work on.</summary>
internal static class Registries
{
    /// <summary>Opens the MLflow server that MLFLOW_TRACKING_URI names, or the folder where it names none.</summary>
    /// <exception cref="RegistryException">A variable of MLflow is wrong.</exception>
    public static IModelRegistry Open(NodeSettings settings, Terminal terminal) =>
        MlflowSettings.Read(terminal.Environment) is { } server
            ? new MlflowModelRegistry(server, terminal.Time)
            : new FolderModelRegistry(new RegistryFolder(settings.RegistryDirectory, terminal.Time));

    /// <summary>Who works with it, for its records.</summary>
    public static string UserOf(Terminal terminal) =>
        terminal.Environment("USER") is { Length: > 0 } user ? user
        : terminal.Environment("LOGNAME") is { Length: > 0 } name ? name
        : Environment.UserName;
}
