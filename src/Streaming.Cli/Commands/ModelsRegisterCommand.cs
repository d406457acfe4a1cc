using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Scoring.Models;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models register</c>.</summary>
internal sealed class ModelsRegisterCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "An ONNX file." };
    private readonly Option<string?> _model =
        CliOptions.Text("--model", "NAME", "The model in schemas/models that it is a version of.").Required();
    private readonly Option<string?> _gate = CliOptions.Text("--gate", "FILE", "A JSON file with the result of the admission gate.");
    private readonly Option<string?> _description = CliOptions.Text("--description", "TEXT", "A text for people.");
    private readonly ModelsCommand _shared;

    private ModelsRegisterCommand(Terminal terminal, Command command)
    {
        foreach (var symbol in (ReadOnlySpan<Option>)[_model, _gate, _description])
        {
            command.Add(symbol);
        }

        command.Add(_file);
        _shared = new ModelsCommand(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("register", "Add an ONNX file as a version of a model.")
        {
            Notes =
            [
                "The file must fit the feature service that the model is declared with. The version is served once it is promoted.",
            ],
            Examples = ["streaming models register fraud.onnx --model fraud"],
        };
        command.SetAction(new ModelsRegisterCommand(terminal, command).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var node = _shared.Settings(parsed).Node;
        var (file, name) = (parsed.GetValue(_file)!, parsed.GetValue(_model)!);
        var catalog = Definitions.Features(node.FeaturesDirectory);
        var definition = Definitions.Model(node.ModelsDirectory, catalog, name);
        var service = catalog.FindService(definition.Service)!;
        using var model = Load(file, service.FeatureNames, definition.Mapping);
        var gate = parsed.GetValue(_gate);
        var result = gate is null ? (JsonElement?)null : ReadGate(gate);
        var tags = VersionFacts.Of(file, model.Metadata, service, result);
        if (result is { } admission && AdmissionResult.FaultOf(admission, tags[VersionTags.FileHash]) is { } fault)
        {
            throw new CliFailure(ExitCode.Usage, $"--gate {gate}: {fault}; make it by 'streaming models check {file} --json'");
        }

        using var registry = Registries.Open(node, _shared.Terminal);
        var version = await registry.RegisterAsync(
            new VersionDraft
            {
                Name = name,
                Experiment = name,
                File = file,
                By = Registries.UserOf(_shared.Terminal),
                Description = parsed.GetValue(_description) ?? "",
                Tags = tags,
            },
            cancellation);
        if (_shared.IsJson(parsed))
        {
            Report.Json(_shared.Terminal, new { Model = name, version.Version });
        }
        else
        {
            _shared.Terminal.Out.WriteLine($"{file} is version {version.Version} of '{name}' in {registry.Location}");
        }

        return (int)ExitCode.Ok;
    }

    private static OnnxModel Load(string file, ImmutableArray<string> features, ModelMapping mapping)
    {
        try
        {
            return OnnxModel.Load(file, features, mapping);
        }
        catch (Exception error) when (error is ModelException or IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Usage, error.Message, error);
        }
    }

    private static JsonElement ReadGate(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Usage, $"--gate {file}: it cannot be read as JSON: {error.Message}", error);
        }
    }
}
