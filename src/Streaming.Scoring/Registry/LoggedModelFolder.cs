using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>The logged models of a folder.</summary>
public sealed class LoggedModelFolder(RegistryFolder folder)
{
    /// <summary>Those of some experiments, the newest first.</summary>
    /// <param name="experiments">Their numbers; null for all.</param>
    public ImmutableArray<LoggedModel> All(IReadOnlyCollection<string>? experiments)
    {
        var directory = folder.PathOf("logged");
        var found = Directory.Exists(directory)
            ? Directory.GetFiles(directory, "*.json")
                .Select(file => RegistryFolder.Read(file, RegistryJson.Default.LoggedModel)).OfType<LoggedModel>()
            : [];
        return
        [
            .. found.Where(model => experiments?.Contains(model.ExperimentId) != false)
                .OrderByDescending(model => model.CreatedAt).ThenBy(model => model.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>One by its id.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public LoggedModel Require(string id) =>
        (RegistryNames.IsValid(id) ? RegistryFolder.Read(FileOf(id), RegistryJson.Default.LoggedModel) : null)
            ?? throw new RegistryException(RegistryFault.NotFound, $"there is no logged model with the id '{id}'");

    /// <summary>Makes one; its id and its times are given here.</summary>
    /// <exception cref="RegistryException">It breaks a limit, or its experiment is not there.</exception>
    public async Task<LoggedModel> CreateAsync(LoggedModel draft, CancellationToken cancellation)
    {
        using var turn = await folder.TakeTurnAsync(cancellation);
        new ExperimentFolder(folder).Require(draft.ExperimentId);
        var now = folder.NowMillis;
        return Write(draft with { Id = $"m-{Guid.NewGuid():N}", CreatedAt = now });
    }

    /// <summary>Changes one.</summary>
    /// <exception cref="RegistryException">There is none, or it breaks a limit.</exception>
    public async Task<LoggedModel> UpdateAsync(string id, Func<LoggedModel, LoggedModel> change, CancellationToken cancellation)
    {
        using var turn = await folder.TakeTurnAsync(cancellation);
        return Write(change(Require(id)));
    }

    private LoggedModel Write(LoggedModel model)
    {
        foreach (var (key, value) in model.Tags)
        {
            RegistryLimits.Check("tag", key, value, RegistryLimits.TagLengthMax);
        }

        foreach (var (key, value) in model.Params)
        {
            RegistryLimits.Check("parameter", key, value, RegistryLimits.ParamLengthMax);
        }

        var written = model with { UpdatedAt = folder.NowMillis };
        RegistryFolder.Write(FileOf(model.Id), written, RegistryJson.Default.LoggedModel);
        return written;
    }

    private string FileOf(string id) => folder.PathOf("logged", id + ".json");
}
