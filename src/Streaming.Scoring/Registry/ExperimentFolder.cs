using System.Collections.Immutable;
using System.Globalization;

namespace Streaming.Scoring.Registry;

/// <summary>The experiments of a folder. <c>0</c>, named Default, is always there, as in MLflow.</summary>
public sealed class ExperimentFolder(RegistryFolder folder)
{
    private const string DefaultId = "0";
    private const string DefaultName = "Default";

    /// <summary>All, also deleted ones, by their numbers.</summary>
    public ImmutableArray<Experiment> All()
    {
        var directory = folder.PathOf("experiments");
        var found = Directory.Exists(directory)
            ? Directory.GetFiles(directory, "*.json")
                .Select(file => RegistryFolder.Read(file, RegistryJson.Default.Experiment)).OfType<Experiment>()
            : [];
        var all = found.ToList();
        if (!all.Exists(each => each.Id == DefaultId))
        {
            all.Add(new Experiment { Id = DefaultId, Name = DefaultName });
        }

        return [.. all.OrderBy(each => each.Id.Length).ThenBy(each => each.Id, StringComparer.Ordinal)];
    }

    /// <summary>One by its number; null for none.</summary>
    public Experiment? Find(string id) => RegistryNames.IsValid(id)
        ? RegistryFolder.Read(FileOf(id), RegistryJson.Default.Experiment)
            ?? (id == DefaultId ? new Experiment { Id = DefaultId, Name = DefaultName } : null)
        : null;

    /// <summary>One by its number.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public Experiment Require(string id) => Find(id) ?? throw NoExperiment(id);

    /// <summary>One by its name, not a deleted one before one that is not; null for none.</summary>
    public Experiment? FindByName(string name) => All().Where(each => each.Name == name).OrderBy(each => each.IsDeleted).FirstOrDefault();

    /// <summary>Makes one.</summary>
    /// <exception cref="RegistryException">There is one of that name, or it has none.</exception>
    public async Task<Experiment> CreateAsync(string name, IEnumerable<KeyValuePair<string, string>> tags, CancellationToken cancellation)
    {
        CheckName(name);
        using var turn = await folder.TakeTurnAsync(cancellation);
        var all = All();
        CheckUnique(all, name);
        var now = folder.NowMillis;
        var experiment = new Experiment
        {
            Id = NextId(all),
            Name = name,
            CreatedAt = now,
            UpdatedAt = now,
            Tags = tags.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        return Write(experiment);
    }

    /// <summary>The one of that name; makes it if there is none.</summary>
    /// <exception cref="RegistryException">It was deleted.</exception>
    public async Task<Experiment> GetOrCreateAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            if (FindByName(name) is { } found)
            {
                return found.IsDeleted
                    ? throw new RegistryException(RegistryFault.Conflict, $"the experiment '{name}' was deleted; restore it first")
                    : found;
            }

            try
            {
                return await CreateAsync(name, [], cancellation);
            }
            catch (RegistryException same) when (same.Fault == RegistryFault.AlreadyExists)
            {
                // Another process was faster.
            }
        }
    }

    /// <summary>Changes one.</summary>
    /// <exception cref="RegistryException">There is none, or its new name is taken.</exception>
    public async Task<Experiment> UpdateAsync(string id, Func<Experiment, Experiment> change, CancellationToken cancellation)
    {
        using var turn = await folder.TakeTurnAsync(cancellation);
        var before = Require(id);
        var after = change(before);
        if (after.Name != before.Name)
        {
            CheckName(after.Name);
            CheckUnique(All(), after.Name);
        }

        return Write(after with { UpdatedAt = folder.NowMillis });
    }

    internal static RegistryException NoExperiment(string id) =>
        new(RegistryFault.NotFound, $"there is no experiment with the id '{id}'");

    private static string NextId(ImmutableArray<Experiment> all) =>
        (all.Max(each => long.TryParse(each.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0) + 1)
            .ToString(CultureInfo.InvariantCulture);

    private static void CheckName(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 500 || name.Any(char.IsControl))
        {
            throw new RegistryException(
                RegistryFault.Invalid,
                $"the experiment's name is '{name}', expected 1 to 500 characters, none of them a control character");
        }
    }

    private static void CheckUnique(ImmutableArray<Experiment> all, string name)
    {
        if (all.FirstOrDefault(each => each.Name == name) is { } other)
        {
            throw new RegistryException(
                RegistryFault.AlreadyExists,
                $"there is an experiment '{name}' already" + (other.IsDeleted ? ", a deleted one: restore it, or take another name" : ""));
        }
    }

    private Experiment Write(Experiment experiment)
    {
        RegistryFolder.Write(FileOf(experiment.Id), experiment, RegistryJson.Default.Experiment);
        return experiment;
    }

    private string FileOf(string id) => folder.PathOf("experiments", id + ".json");
}
