using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>The runs of a folder.</summary>
public sealed class RunFolder(RegistryFolder folder)
{
    /// <summary>The most values of metrics that a run keeps.</summary>
    public const int MetricsMax = 100_000;

    /// <summary>The runs of some experiments, also deleted ones, the newest first.</summary>
    /// <param name="experiments">Their numbers; null for all.</param>
    public ImmutableArray<Run> All(IReadOnlyCollection<string>? experiments)
    {
        var directory = folder.PathOf("runs");
        var found = Directory.Exists(directory)
            ? Directory.GetFiles(directory, "*.json").Select(file => RegistryFolder.Read(file, RegistryJson.Default.Run)).OfType<Run>()
            : [];
        return
        [
            .. found.Where(run => experiments?.Contains(run.ExperimentId) != false)
                .OrderByDescending(run => run.StartedAt).ThenBy(run => run.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>One by its id.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public Run Require(string id) =>
        (RegistryNames.IsValid(id) ? RegistryFolder.Read(FileOf(id), RegistryJson.Default.Run) : null) ?? throw NoRun(id);

    /// <summary>Writes a new one; its id is made here.</summary>
    /// <param name="draft">The run; its id is not looked at.</param>
    /// <param name="cancellation">Ends the wait for the turn.</param>
    /// <exception cref="RegistryException">It breaks a limit, or its experiment is not there.</exception>
    public async Task<Run> CreateAsync(Run draft, CancellationToken cancellation)
    {
        var run = Checked(draft with { Id = Guid.NewGuid().ToString("N") });
        using var turn = await folder.TakeTurnAsync(cancellation);
        if (new ExperimentFolder(folder).Require(run.ExperimentId).IsDeleted)
        {
            throw new RegistryException(RegistryFault.Conflict, $"the experiment {run.ExperimentId} was deleted; restore it first");
        }

        return Write(run);
    }

    /// <summary>Adds values; a parameter that is there keeps its value.</summary>
    /// <exception cref="RegistryException">A parameter has another value already, a limit is broken, or there is no such run.</exception>
    public Task<Run> LogAsync(
        string id,
        IReadOnlyCollection<MetricPoint> metrics,
        IReadOnlyCollection<KeyValuePair<string, string>> parameters,
        IReadOnlyCollection<KeyValuePair<string, string>> tags,
        CancellationToken cancellation) => UpdateAsync(
            id,
            run =>
            {
                if (run.IsDeleted)
                {
                    throw new RegistryException(RegistryFault.Invalid, $"the run {id} is deleted; restore it first");
                }

                var values = run.Params;
                foreach (var (key, value) in parameters)
                {
                    if (values.TryGetValue(key, out var other) && other != value)
                    {
                        throw new RegistryException(
                            RegistryFault.Invalid, $"the parameter '{key}' of the run {id} is '{other}' and cannot become '{value}'");
                    }

                    values = values.SetItem(key, value);
                }

                return run with
                {
                    Metrics = [.. run.Metrics, .. metrics],
                    Params = values,
                    Tags = run.Tags.SetItems(tags),
                };
            },
            cancellation);

    /// <summary>Changes one.</summary>
    /// <exception cref="RegistryException">There is none, or it breaks a limit.</exception>
    public async Task<Run> UpdateAsync(string id, Func<Run, Run> change, CancellationToken cancellation)
    {
        using var turn = await folder.TakeTurnAsync(cancellation);
        return Write(Checked(change(Require(id))));
    }

    private static Run Checked(Run run)
    {
        foreach (var (key, value) in run.Params)
        {
            RegistryLimits.Check("parameter", key, value, RegistryLimits.ParamLengthMax);
        }

        foreach (var (key, value) in run.Tags)
        {
            RegistryLimits.Check("tag", key, value, RegistryLimits.TagLengthMax);
        }

        foreach (var point in run.Metrics)
        {
            RegistryLimits.Check("metric", point.Key, "", 0);
        }

        return run.Metrics.Length <= MetricsMax
            ? run
            : throw new RegistryException(RegistryFault.Invalid, $"the run {run.Id} would have more than {MetricsMax} values of metrics");
    }

    private static RegistryException NoRun(string id) => new(RegistryFault.NotFound, $"there is no run with the id '{id}'");

    private Run Write(Run run)
    {
        RegistryFolder.Write(FileOf(run.Id), run, RegistryJson.Default.Run);
        return run;
    }

    private string FileOf(string id) => folder.PathOf("runs", id + ".json");
}
