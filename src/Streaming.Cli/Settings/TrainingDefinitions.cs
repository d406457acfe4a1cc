using System.Collections.Immutable;
using Avro;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Node.Settings;
using Streaming.Offline.Training.Protocols;

namespace Streaming.Cli.Settings;

/// <summary>The trainings beside the models, and the feature definitions that they name.</summary>
internal static class TrainingDefinitions
{
    /// <summary>Finds a model's training by name.</summary>
    /// <exception cref="CliFailure">There is none, or the files have mistakes; all of them together.</exception>
    public static TrainingProtocol Find(NodeSettings settings, string model, string name)
    {
        var (all, diagnostics) = TrainingProtocols.Parse(Definitions.ModelFiles(settings.ModelsDirectory));
        Check(diagnostics);
        var known = all.Where(protocol => protocol.Model == model).ToArray();
        if (known.Length == 0)
        {
            throw new CliFailure(
                ExitCode.Usage,
                $"{settings.ModelsDirectory}: no training is about a model '{model}'" +
                NearestName.Phrase(model, all.Select(protocol => protocol.Model).Distinct(), "; there are trainings of ", '\''));
        }

        return known.FirstOrDefault(protocol => protocol.Name == name) ?? throw new CliFailure(
            ExitCode.Usage,
            $"{settings.ModelsDirectory}: the model '{model}' has no training '{name}'" +
            NearestName.Phrase(name, known.Select(protocol => protocol.Name), "; there are ", '\''));
    }

    /// <summary>Compiles the features that nodes read together with those that only the training reads.</summary>
    /// <exception cref="CliFailure">They have mistakes, or the training names what they do not have.</exception>
    public static FeatureCatalog Features(NodeSettings settings, TrainingProtocol protocol)
    {
        if (protocol.Definitions is { } file && !File.Exists(file.Value))
        {
            throw new CliFailure(ExitCode.Usage, ProtocolChecks.NoDefinitions(file).ToString());
        }

        var catalog = Definitions.Features(settings.FeaturesDirectory, protocol.Definitions?.Value, protocol.Sources.Select(Source));
        Check(ProtocolChecks.Of(protocol, catalog));
        return catalog;
    }

    private static EventSource Source(KeyValuePair<string, Located<string>> source)
    {
        try
        {
            return EventSchemas.SourceOf(source.Key, (RecordSchema)Schema.Parse(File.ReadAllText(source.Value.Value)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or AvroException or InvalidCastException)
        {
            throw new CliFailure(ExitCode.Usage, ProtocolChecks.NoSource(source.Value, error.Message).ToString(), error);
        }
    }

    private static void Check(ImmutableArray<Diagnostic> diagnostics)
    {
        if (!diagnostics.IsEmpty)
        {
            throw new CliFailure(ExitCode.Usage, [.. diagnostics.Select(each => each.ToString())]);
        }
    }
}
