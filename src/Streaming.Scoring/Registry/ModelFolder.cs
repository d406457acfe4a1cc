using System.Collections.Immutable;
using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Scoring.Registry;

/// <summary>The registered models of a folder.</summary>
public sealed class ModelFolder(RegistryFolder folder)
{
    /// <summary>The file of a version that scoring loads.</summary>
    public const string ModelFile = "model.onnx";

    /// <summary>All, by name.</summary>
    public ImmutableArray<RegisteredModel> All()
    {
        var directory = folder.PathOf("models");
        return Directory.Exists(directory)
            ?
            [
                .. Directory.GetFiles(directory, "*.json").Order(StringComparer.Ordinal)
                    .Select(file => RegistryFolder.Read(file, RegistryJson.Default.RegisteredModel)).OfType<RegisteredModel>(),
            ]
            : [];
    }

    /// <summary>One by name; null for none.</summary>
    public RegisteredModel? Find(string name) =>
        RegistryNames.IsValid(name) ? RegistryFolder.Read(FileOf(name), RegistryJson.Default.RegisteredModel) : null;

    /// <summary>One by name.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public RegisteredModel Require(string name)
    {
        if (Find(name) is { } found)
        {
            return found;
        }

        var known = All().Select(model => model.Name).ToArray();
        throw new RegistryException(
            RegistryFault.NotFound,
            $"there is no registered model '{name}'" +
            (known.Length == 0 ? "; there are none yet" : NearestName.Phrase(name, known, "; there are ", '\'')));
    }

    /// <summary>The file that a version has for scoring; it is there only if the version came with one.</summary>
    public string PathOf(string name, int version) => Path.Combine(FilesOf(name, version), ModelFile);

    /// <summary>Where a version's files lie.</summary>
    public string FilesOf(string name, int version) => folder.PathOf(
        ArtifactFolder.Name,
        ArtifactFolder.Registered,
        RegistryNames.Require("model", name),
        version.ToString(CultureInfo.InvariantCulture));

    /// <summary>Makes a model without versions.</summary>
    /// <exception cref="RegistryException">There is one of that name, or the name is none.</exception>
    public async Task<RegisteredModel> CreateAsync(
        string name, string description, IEnumerable<KeyValuePair<string, string>> tags, CancellationToken cancellation)
    {
        RegistryNames.Require("model", name);
        using var turn = await folder.TakeTurnAsync(cancellation);
        if (Find(name) is not null)
        {
            throw new RegistryException(RegistryFault.AlreadyExists, $"there is a registered model '{name}' already");
        }

        var now = folder.NowMillis;
        return Write(New(name, now) with { Description = description, Tags = tags.ToImmutableSortedDictionary(StringComparer.Ordinal) });
    }

    /// <summary>Changes what is said of a model.</summary>
    /// <exception cref="RegistryException">There is none, or the change breaks a rule.</exception>
    public async Task<RegisteredModel> UpdateAsync(
        string name, Func<RegisteredModel, RegisteredModel> change, CancellationToken cancellation)
    {
        using var turn = await folder.TakeTurnAsync(cancellation);
        return Write(Checked(change(Require(name))) with { UpdatedAt = folder.NowMillis });
    }

    /// <summary>Changes what is said of a version.</summary>
    /// <exception cref="RegistryException">There is none, or the change breaks a rule.</exception>
    public async Task<ModelVersion> UpdateVersionAsync(
        string name, int version, Func<RegisteredModel, ModelVersion, ModelVersion> change, CancellationToken cancellation)
    {
        var model = await UpdateAsync(
            name,
            model =>
            {
                var before = model.Require(version);
                var after = change(model, before) with { UpdatedAt = folder.NowMillis };
                return model with { Versions = model.Versions.Replace(before, after) };
            },
            cancellation);
        return model.Require(version);
    }

    /// <summary>Adds a version, and the model if it is new.</summary>
    /// <param name="name">The model.</param>
    /// <param name="draft">The version; its number and its times are given here.</param>
    /// <param name="copyFiles">Puts its files into a folder; called before the version can be seen.</param>
    /// <param name="mustExist">Whether the model must be there.</param>
    /// <param name="cancellation">Ends the wait for the turn.</param>
    /// <exception cref="RegistryException">The name is none, or there is no such model.</exception>
    public async Task<ModelVersion> AddVersionAsync(
        string name, ModelVersion draft, Action<string> copyFiles, bool mustExist, CancellationToken cancellation)
    {
        RegistryNames.Require("model", name);
        using var turn = await folder.TakeTurnAsync(cancellation);
        var now = folder.NowMillis;
        var model = mustExist ? Require(name) : Find(name) ?? New(name, now);
        var version = draft with { Version = model.LastVersion + 1, CreatedAt = now, UpdatedAt = now };
        var files = FilesOf(name, version.Version);
        if (Directory.Exists(files))
        {
            // Of a process that ended before the version was there.
            Directory.Delete(files, recursive: true);
        }

        copyFiles(files);
        Write(Checked(model with { Versions = model.Versions.Add(version), LastVersion = version.Version, UpdatedAt = now }));
        return version;
    }

    // Files whose document was moved away, as is advised where it is damaged, are still what past scores came from.
    private RegisteredModel New(string name, long now) =>
        new() { Name = name, CreatedAt = now, UpdatedAt = now, LastVersion = LastFolderOf(name) };

    private int LastFolderOf(string name)
    {
        var files = Path.GetDirectoryName(FilesOf(name, 1))!;
        return Directory.Exists(files)
            ? Directory.GetDirectories(files)
                .Select(static path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var number) ? number : 0)
                .DefaultIfEmpty().Max()
            : 0;
    }

    private static RegisteredModel Checked(RegisteredModel model)
    {
        foreach (var (key, value) in model.Tags.Concat(model.Versions.SelectMany(version => version.Tags)))
        {
            RegistryLimits.Check("tag", key, value, RegistryLimits.ModelTagLengthMax);
        }

        return model;
    }

    private RegisteredModel Write(RegisteredModel model)
    {
        RegistryFolder.Write(FileOf(model.Name), model, RegistryJson.Default.RegisteredModel);
        return model;
    }

    private string FileOf(string name) => folder.PathOf("models", name + ".json");
}
