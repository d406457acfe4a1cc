using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>Where the files of a new version come from.</summary>
internal sealed class MlflowSources(RegistryFolder folder)
{
    private const string Models = "models:/";
    private const string Runs = "runs:/";
    private readonly ArtifactFolder _artifacts = new(folder);
    private readonly LoggedModelFolder _logged = new(folder);
    private readonly RunFolder _runs = new(folder);

    /// <summary>The path in the folder's artifacts that a URI names.</summary>
    /// <param name="source">A logged model, a path of a run, or a path of the artifact proxy.</param>
    /// <param name="modelId">The logged model, where the client names it.</param>
    /// <exception cref="RegistryException">It is something else, or is not there.</exception>
    public (string Path, string ModelId) Find(string source, string modelId)
    {
        if (modelId.Length > 0 || source.StartsWith(Models + "m-", StringComparison.Ordinal))
        {
            var model = _logged.Require(modelId.Length > 0 ? modelId : source[Models.Length..]);
            return (ArtifactFolder.PathOfUri(ArtifactFolder.UriOf(model))!, model.Id);
        }

        if (source.StartsWith(Runs, StringComparison.Ordinal))
        {
            var parts = source[Runs.Length..].TrimStart('/').Split('/', 2);
            var root = ArtifactFolder.PathOfUri(ArtifactFolder.UriOf(_runs.Require(parts[0])));
            return (parts.Length > 1 ? $"{root}/{parts[1]}" : root!, "");
        }

        return ArtifactFolder.PathOfUri(source) is { } path
            ? (path, "")
            : throw MlflowRequest.Wrong(
                $"the source is '{source}', expected models:/m-ID, runs:/ID/PATH or mlflow-artifacts:/PATH of this node");
    }

    /// <summary>Copies the files into a version; one ONNX file among them is what scoring loads.</summary>
    /// <exception cref="RegistryException">There are no files.</exception>
    public void Copy(string path, string into)
    {
        _artifacts.CopyAll(path, into);
        var model = Path.Combine(into, ModelFolder.ModelFile);
        var onnx = Directory.Exists(into) ? Directory.GetFiles(into, "*.onnx", SearchOption.AllDirectories) : [];
        if (!Directory.Exists(into))
        {
            throw new RegistryException(RegistryFault.NotFound, $"there are no files at {ArtifactFolder.Scheme}{path}; upload them first");
        }

        if (!File.Exists(model) && onnx is [var only])
        {
            File.Copy(only, model);
        }
    }
}
