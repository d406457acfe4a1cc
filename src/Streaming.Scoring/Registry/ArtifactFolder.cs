namespace Streaming.Scoring.Registry;

/// <summary>
/// The files of runs, logged models and versions in a folder, by the paths that MLflow's artifact proxy has for them:
/// <c>EXPERIMENT/RUN/artifacts/...</c>, <c>EXPERIMENT/models/ID/artifacts/...</c> and <c>registered/NAME/VERSION/...</c>.
/// </summary>
public sealed class ArtifactFolder(RegistryFolder folder)
{
    /// <summary>What a URI of such a path begins with.</summary>
    public const string Scheme = "mlflow-artifacts:/";

    internal const string Name = "artifacts";
    internal const string Registered = "registered";

    /// <summary>The URI of a run's files.</summary>
    public static string UriOf(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return $"{Scheme}{run.ExperimentId}/{run.Id}/artifacts";
    }

    /// <summary>The URI of a logged model's files.</summary>
    public static string UriOf(LoggedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return $"{Scheme}{model.ExperimentId}/models/{model.Id}/artifacts";
    }

    /// <summary>The URI of a version's files.</summary>
    public static string UriOf(string model, int version) => FormattableString.Invariant($"{Scheme}{Registered}/{model}/{version}");

    /// <summary>The path that a URI names; null if it is no URI of these.</summary>
    public static string? PathOfUri(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.StartsWith(Scheme, StringComparison.Ordinal) ? uri[Scheme.Length..].TrimStart('/') : null;
    }

    /// <summary>The file or folder at a path.</summary>
    /// <exception cref="RegistryException">The path leads elsewhere.</exception>
    public string Find(string? path) => folder.PathOf(Name, RegistryNames.RequireArtifact(path));

    /// <summary>What lies in a folder: names, and sizes of files; empty if it is not there.</summary>
    /// <exception cref="RegistryException">The path leads elsewhere.</exception>
    public IReadOnlyList<ArtifactEntry> List(string? path)
    {
        var directory = new DirectoryInfo(Find(path));
        return directory.Exists
            ?
            [
                .. directory.EnumerateFileSystemInfos()
                    .Where(entry => !entry.Name.EndsWith(RegistryFolder.Unfinished, StringComparison.Ordinal))
                    .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                    .Select(entry => new ArtifactEntry(entry.Name, entry is FileInfo file ? file.Length : null)),
            ]
            : [];
    }

    /// <summary>Writes a file of a run or a logged model; replaces an older one at once.</summary>
    /// <exception cref="RegistryException">The path leads elsewhere, or into a version, whose files never change.</exception>
    public Task SaveAsync(string path, Stream content, CancellationToken cancellation) =>
        RegistryFolder.SaveAsync(content, Writable(path), cancellation);

    /// <summary>Copies a file to a run or a logged model.</summary>
    /// <exception cref="RegistryException">The path leads elsewhere, or into a version.</exception>
    public void Copy(string source, string path) => RegistryFolder.Copy(source, Writable(path));

    /// <summary>Copies all files below a path into a folder of a version.</summary>
    public void CopyAll(string path, string into)
    {
        var from = Find(path);
        foreach (var file in Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [])
        {
            RegistryFolder.Copy(file, Path.Combine(into, Path.GetRelativePath(from, file)));
        }
    }

    private string Writable(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isOwned = parts is [not Registered, _, "artifacts", _, ..] or [not Registered, "models", _, "artifacts", _, ..];
        return isOwned
            ? FreeOf(path, parts.Length)
            : throw new RegistryException(
                RegistryFault.Invalid,
                $"the artifact's path is '{path}', expected EXPERIMENT/RUN/artifacts/FILE or EXPERIMENT/models/ID/artifacts/FILE");
    }

    // A file cannot take the place of a folder, nor have files below it.
    private string FreeOf(string path, int parts)
    {
        var file = Find(path);
        var above = Path.GetDirectoryName(file)!;
        for (var i = 1; i < parts && !Directory.Exists(above); i++)
        {
            if (File.Exists(above))
            {
                throw new RegistryException(RegistryFault.Invalid, $"the artifact's path is '{path}', but a part of it is a file");
            }

            above = Path.GetDirectoryName(above)!;
        }

        return !Directory.Exists(file)
            ? file
            : throw new RegistryException(RegistryFault.Invalid, $"the artifact's path is '{path}', but that is a folder");
    }
}

/// <summary>A file or a folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">The file's size; null for a folder.</param>
public sealed record ArtifactEntry(string Name, long? SizeBytes);
