using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>A folder as the registry.</summary>
public sealed class FolderModelRegistry(RegistryFolder folder) : IModelRegistry
{
    private readonly ExperimentFolder _experiments = new(folder);
    private readonly RunFolder _runs = new(folder);
    private readonly ModelFolder _models = new(folder);
    private readonly ArtifactFolder _artifacts = new(folder);

    /// <inheritdoc/>
    public string Location => folder.Root;

    /// <inheritdoc/>
    public async Task<string> LogRunAsync(RunDraft draft, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var experiment = await _experiments.GetOrCreateAsync(draft.Experiment, cancellation);
        var run = await _runs.CreateAsync(
            new Run
            {
                Id = "",
                ExperimentId = experiment.Id,
                Name = draft.Name,
                User = draft.By,
                Status = RunStatus.Running,
                StartedAt = draft.Started.ToUnixTimeMilliseconds(),
                Params = draft.Params,
                Metrics = draft.Metrics,
                Tags = draft.Tags,
            },
            cancellation);
        foreach (var (path, file) in draft.Artifacts)
        {
            _artifacts.Copy(file, $"{ArtifactFolder.PathOfUri(ArtifactFolder.UriOf(run))}/{path}");
        }

        await _runs.UpdateAsync(
            run.Id,
            written => written with { Status = RunStatus.Finished, EndedAt = draft.Ended.ToUnixTimeMilliseconds() },
            cancellation);
        return run.Id;
    }

    /// <inheritdoc/>
    public Task<ModelVersion> RegisterAsync(VersionDraft draft, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return _models.AddVersionAsync(
            draft.Name,
            new ModelVersion
            {
                Version = 0,
                User = draft.By,
                Description = draft.Description,
                RunId = draft.RunId,
                Source = draft.RunId.Length > 0 ? $"runs:/{draft.RunId}/{ModelFolder.ModelFile}" : "file:" + Path.GetFileName(draft.File),
                Tags = draft.Tags.SetItem(VersionTags.RegisteredBy, draft.By),
                Params = draft.Params,
                Metrics = draft.Metrics,
            },
            files => RegistryFolder.Copy(draft.File, Path.Combine(files, ModelFolder.ModelFile)),
            mustExist: false,
            cancellation);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RegisteredModel>> ListAsync(CancellationToken cancellation) => Task.FromResult(_models.All());

    /// <inheritdoc/>
    public Task<RegisteredModel> GetAsync(string name, CancellationToken cancellation) => Task.FromResult(_models.Require(name));

    /// <inheritdoc/>
    public Task MoveAliasAsync(string name, AliasMove move, CancellationToken cancellation) =>
        _models.UpdateAsync(name, model => ModelAliases.Apply(model, move), cancellation);

    /// <inheritdoc/>
    public Task ArchiveAsync(string name, int version, string by, CancellationToken cancellation) => _models.UpdateVersionAsync(
        name, version, (model, each) => ModelAliases.Archive(model, each, by, folder.Clock.GetUtcNow()), cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held between calls.
    }
}
