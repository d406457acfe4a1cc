using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models</c>: what its subcommands share.</summary>
internal sealed class ModelsCommand
{
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;

    /// <summary>Adds the options of every subcommand.</summary>
    public ModelsCommand(Terminal terminal, Command command)
    {
        Terminal = terminal;
        command.Add(_json);
        _config = new ConfigOption(terminal, command);
    }

    /// <summary>The outside.</summary>
    public Terminal Terminal { get; }

    /// <summary>Makes the commands.</summary>
    public static Command Create(Terminal terminal) => new CliCommand(
        "models", "List, compare, check, promote and put away versions of models.")
    {
        ModelsListCommand.Create(terminal),
        ModelsShowCommand.Create(terminal),
        ModelsDiffCommand.Create(terminal),
        ModelsCheckCommand.Create(terminal),
        ModelsRegisterCommand.Create(terminal),
        ModelsPromoteCommand.Create(terminal),
        ModelsRollbackCommand.Create(terminal),
        ModelsArchiveCommand.Create(terminal),
        ModelsGateCommand.Create(terminal),
    };

    /// <summary>The argument that names a model.</summary>
    public static Argument<string> Model() => new("MODEL") { Description = "The registered model's name, such as fraud." };

    /// <summary>The argument that names a version.</summary>
    public static Argument<string> Version(string name = "VERSION") =>
        new(name) { Description = "A version's number, an alias such as champion, or latest." };

    /// <summary>The option that names an alias.</summary>
    public static Option<string?> Alias() =>
        CliOptions.Text("--alias", "ALIAS", "The alias to move, such as champion or challenger.", RegisteredModel.Champion);

    /// <summary>Whether the result is for programs.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Reads the settings.</summary>
    public CliSettings Settings(ParseResult parsed) => _config.Load(parsed);

    /// <summary>Opens the registry.</summary>
    public IModelRegistry Open(ParseResult parsed) => Registries.Open(Settings(parsed).Node, Terminal);
}
