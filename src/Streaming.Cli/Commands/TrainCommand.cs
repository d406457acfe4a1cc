using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Node.Settings;
using Streaming.Offline.Files;
using Streaming.Offline.Training;
using Streaming.Offline.Training.Protocols;
using Streaming.Scoring.Registry;
using Streaming.Simulation.Generators;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming train</c>.</summary>
internal sealed class TrainCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "The model's name in schemas/models, such as fraud." };
    private readonly Option<int> _cards = CliOptions.Integer(
        "--cards", "N", "Cards, or users, of the simulated history.", 20_000, 100, 1_000_000);
    private readonly Option<int> _terminals = CliOptions.Integer(
        "--terminals", "N", "Terminals of the simulated history.", 10_000, 10, 1_000_000);
    private readonly Option<int> _days = CliOptions.Integer("--days", "N", "Days to learn from.", 14, 1, 365);
    private readonly Option<int> _testDays = CliOptions.Integer(
        "--test-days",
        "N",
        "Days to test on. They begin a week after the last day of training, because labels are a week late; with clicks, a day.",
        7,
        1,
        365);
    private readonly Option<ulong> _seed = CliOptions.Seed(
        "--seed", "N", "Chooses the history. By default it differs from that of 'streaming seed' and 'streaming run'.", 2);
    private readonly Option<string?> _protocol = CliOptions.Text(
        "--protocol",
        "NAME",
        "Compare models on a recorded history by this training of schemas/models, instead of training one on a simulated history.");
    private readonly Option<string[]> _input = new("--input")
    {
        HelpName = "[SOURCE=]FILE...",
        Description = "With --protocol: Parquet, .csv or .tsv files with the history.",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _candidate = CliOptions.Text(
        "--candidate", "NAME", "With --protocol: run this candidate alone.");
    private readonly Option<bool> _validationOnly = CliOptions.Flag(
        "--validation-only", "With --protocol: do not look at the test folds, while features and parameter spaces are being worked on.");
    private readonly Option<string?> _report = CliOptions.Text(
        "--report", "DIRECTORY", "With --protocol: where to write the report, MODEL-NAME.md, MODEL-NAME.html and plots.");
    private readonly Option<string?> _output = CliOptions.Text(
        "--output",
        "FILE",
        "The ONNX file to write. (default: the file that the model's definition names; with --protocol no model is written without it)");
    private readonly Option<bool> _json = CliOptions.Json();
    private readonly ConfigOption _config;
    private readonly Terminal _terminal;

    private TrainCommand(Terminal terminal, Command command)
    {
        _terminal = terminal;
        command.Add(_model);
        foreach (var option in (ReadOnlySpan<Option>)
            [_cards, _terminals, _days, _testDays, _seed, _output, _protocol, _input, _candidate, _validationOnly, _report, _json])
        {
            command.Add(option);
        }

        _config = new ConfigOption(terminal, command);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CliCommand("train", "Train a model on a simulated history and export it to ONNX.")
        {
            Notes =
            [
                "The features are those of the model's service, as a node answers them at each transaction, with labels a week late. " +
                "The new file replaces the model's file only if ONNX Runtime, our own evaluation and LightGBM agree on every test row, " +
                "and on rows with missing values, on thresholds and out of range. Otherwise nothing is replaced and the exit code is 4.",
                "With --protocol the training's candidates are compared. Their parameters are chosen on its validation folds, and only " +
                "what was chosen is tried on its test folds. With --output the candidate that is best on the validation folds is " +
                "written as a model too: learnt from the training days of the last test fold, calibrated, and held to the gate on all " +
                "rows of its test days.",
                "A model of clicks learns from simulated clicks what the label of its training 'simulated' in schemas/models says.",
                "The run, with its report, and the model as a new version are written to the registry ('streaming models').",
                "A node reads its model when it starts: restart a running node to score with the new file. Once a version is promoted, " +
                "nodes serve that one instead of the file.",
            ],
            Examples =
            [
                "streaming train fraud",
                "streaming train fraud --days 30 --seed 7 --output /tmp/fraud.onnx --json",
                "streaming train propensity",
                "streaming train fraud --protocol handbook --input transactions.parquet --report docs/models",
                "streaming train fraud --protocol handbook --input transactions.parquet --candidate trees --output /tmp/fraud.onnx",
            ],
        };
        var train = new TrainCommand(terminal, command);
        command.SetAction(train.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var node = _config.Load(parsed).Node;
        if (parsed.GetValue(_protocol) is { } protocol)
        {
            var training = TrainingDefinitions.Find(node, parsed.GetValue(_model)!, protocol);
            return await new ModelComparison(_terminal, node, training, ComparisonOf(parsed, node)).RunAsync(cancellation);
        }

        var catalog = Definitions.Features(node.FeaturesDirectory);
        var definition = Definitions.Model(node.ModelsDirectory, catalog, parsed.GetValue(_model)!);
        var started = _terminal.Time.GetUtcNow();
        var file = Output(parsed, definition.File, node);
        using var registry = Registries.Open(node, _terminal);
        var service = catalog.For(catalog.FindService(definition.Service)!).Services[0];
        var history = service.Request?.Name == EventSchemas.Clicks
            ? Clicks(parsed, service, TrainingDefinitions.Find(node, definition.Name, SimulatedHistory.Training))
            : Transactions(parsed, service);
        var set = await ProgressLine.ShowAsync(
            _terminal,
            "history",
            "days",
            history.Days,
            progress => Task.Run(() => history.Build(done => progress.Report(done), cancellation), cancellation));
        var options = OptionsOf(parsed, service.Name, history);
        var trained = await Task.Run(() => Train(set, options, definition.Name, file, cancellation), cancellation);
        var run = RunOf(parsed, definition.Name, started);
        var version = await TrainedVersion.RegisterAsync(
            registry, run, trained, catalog, TrainReport.Markdown(trained), cancellation);
        TrainReport.Print(_terminal, parsed.GetValue(_json), trained, version, registry.Location);
        return (int)ExitCode.Ok;
    }

    private static TrainedFile Train(
        TrainingSet set, FraudTrainingOptions options, string name, string file, CancellationToken cancellation)
    {
        var model = FraudTrainer.Train(set, options, cancellation);
        var tested = options.Split!.Apply(set).Test;
        return new(name, file, model, ModelExport.Replace(model, file, tested.Features, cancellation));
    }

    private SimulatedHistory Transactions(ParseResult parsed, ServicePlan service) => SimulatedHistory.OfTransactions(
        service,
        new TransactionGeneratorOptions
        {
            Cards = parsed.GetValue(_cards),
            Terminals = parsed.GetValue(_terminals),
            Seed = parsed.GetValue(_seed),
            Start = SeedOptions.Epoch,
        },
        parsed.GetValue(_days) + parsed.GetValue(_testDays));

    private SimulatedHistory Clicks(ParseResult parsed, ServicePlan service, TrainingProtocol training) => SimulatedHistory.OfClicks(
        service,
        new ClickGeneratorOptions { Users = parsed.GetValue(_cards), Seed = parsed.GetValue(_seed), Start = SeedOptions.Epoch },
        training,
        parsed.GetValue(_days) + parsed.GetValue(_testDays));

    private RunDraft RunOf(ParseResult parsed, string model, DateTimeOffset started) => new()
    {
        Experiment = model,
        Name = FormattableString.Invariant($"{model}-{started:yyyyMMdd-HHmmss}"),
        By = Registries.UserOf(_terminal),
        Started = started,
        Ended = _terminal.Time.GetUtcNow(),
        Params = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Option[] { _cards, _terminals, _days, _testDays, _seed }
            .Select(option => KeyValuePair.Create(option.Name[2..].Replace('-', '_'), ValueOf(parsed, option)))
            .Concat(TrainedVersion.ParamsOf(new BoostingOptions()))),
    };

    private ComparisonOptions ComparisonOf(ParseResult parsed, NodeSettings node) => new(
        parsed.GetValue(_input) ?? [],
        parsed.GetValue(_candidate),
        !parsed.GetValue(_validationOnly),
        parsed.GetValue(_report),
        parsed.GetValue(_output) is { } output ? Output(parsed, output, node) : null,
        parsed.GetValue(_json));

    private static string ValueOf(ParseResult parsed, Option option) => Convert.ToString(
        option is Option<ulong> seed ? parsed.GetValue(seed) : (object)parsed.GetValue((Option<int>)option), CultureInfo.InvariantCulture)!;

    private FraudTrainingOptions OptionsOf(ParseResult parsed, string service, SimulatedHistory history) => new()
    {
        FeatureService = service,
        Split = new DelayedSplit
        {
            Start = SeedOptions.Epoch.AddDays(history.WarmUpDays),
            TrainDays = parsed.GetValue(_days),
            DelayDays = history.DelayDays,
            TestDays = parsed.GetValue(_testDays),
        },
    };

    /// <summary>The file to write; checked before training, which takes minutes.</summary>
    private string Output(ParseResult parsed, string standard, NodeSettings node)
    {
        var file = parsed.GetValue(_output) ?? standard;
        return OutputFile.Fault(file, [.. Definitions.Files(node), _config.File(parsed)]) is { } fault
            ? throw new CliFailure(ExitCode.Usage, $"--output {fault}")
            : file;
    }
}
