using System.CommandLine;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Offline.Gate;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming models check</c>.</summary>
internal sealed class ModelsCheckCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "The ONNX file." };
    private readonly Option<string?> _model = CliOptions.Text(
        "--model", "NAME", "The model of schemas/models whose service and mapping the file is served with. (default: the champion)");

    private readonly Option<string> _predictions = new("--predictions")
    {
        HelpName = "FILE",
        Description = "Parquet, .csv or .tsv: a column for each feature, by its full name, and the scores that the model gave where it " +
            "was made.",
        Required = true,
    };

    private readonly Option<string?> _score = CliOptions.Text(
        "--score", "COLUMN", "The column with the scores.", PredictionsReference.ScoreColumn);

    private readonly Option<double?> _bound = CliOptions.Number(
        "--bound", "N", "The largest difference of scores that is accepted.", ModelGate.PredictionsBound);

    private readonly Option<bool> _json = CliOptions.Json();
    private readonly MapOption _map;
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private ModelsCheckCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_file);
        command.Add(_model);
        command.Add(_predictions);
        _map = MapOption.OfFeatures(command);
        command.Add(_score);
        command.Add(_bound);
        command.Add(_json);

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("check", "Hold a model file to the scores that it gave where it was made.")
        {
            Notes =
            [
                "Each row is scored as a node does it, alone and in batches. The exit code is 4, and the largest difference is told with " +
                "its row, when a score differs by more than the bound, is no number or is not from 0 to 1, or when the file cannot be " +
                "served. Rows with missing values and values out of range are tried as well; what they give is told.",
            ],
            Examples =
            [
                "streaming models check fraud.onnx --predictions scored.csv",
                "streaming models check fraud.onnx --predictions scored.csv --map request.amount=amount --score p1",
                "streaming models check new.onnx --model fraud --predictions scored.parquet --score p1 --bound 1e-6 --json",
            ],
        };
        var check = new ModelsCheckCommand(terminal, command);
        command.SetAction(check.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var node = _config.Load(parsed).Node;
        var catalog = Definitions.Features(node.FeaturesDirectory);
        var definition = Definitions.Model(node.ModelsDirectory, catalog, parsed.GetValue(_model));
        var features = catalog.FindService(definition.Service)!.FeatureNames;
        var file = parsed.GetValue(_file)!;
        if (!File.Exists(file))
        {
            throw new CliFailure(ExitCode.Usage, $"{file}: there is no such file");
        }

        PredictionsReference reference;
        try
        {
            reference = PredictionsReference.Read(
                parsed.GetValue(_predictions)!, features, definition.Mapping, parsed.GetValue(_score)!, _map.Read(parsed));
        }
        catch (Exception error) when (error is TableFormatException or TableDamagedException or IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Usage, error.Message, error);
        }

        var result = ModelGate.Check(file, features, definition.Mapping, reference, parsed.GetValue(_bound)!.Value);
        if (parsed.GetValue(_json))
        {
            Report.Json(_terminal, result);
        }
        else if (result.Fault is null)
        {
            GateReport.Print(_terminal, result);
        }

        return result.Passed ? (int)ExitCode.Ok : throw new CliFailure(ExitCode.Different, [.. GateReport.Refusal(result)]);
    }
}
