using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>Where runs are written and models are registered: a folder of ours, or an MLflow server.</summary>
public interface IModelRegistry : IDisposable
{
    /// <summary>The folder or the server's URL, for people.</summary>
    string Location { get; }

    /// <summary>Writes a run that has ended, with its files.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="RegistryException">It cannot be written.</exception>
    Task<string> LogRunAsync(RunDraft draft, CancellationToken cancellation);

    /// <summary>Adds a version of a model, and the model if it is new.</summary>
    /// <exception cref="RegistryException">It cannot be written.</exception>
    Task<ModelVersion> RegisterAsync(VersionDraft draft, CancellationToken cancellation);

    /// <summary>All models, by name.</summary>
    /// <exception cref="RegistryException">They cannot be read.</exception>
    Task<ImmutableArray<RegisteredModel>> ListAsync(CancellationToken cancellation);

    /// <summary>One model.</summary>
    /// <exception cref="RegistryException">There is none, or it cannot be read.</exception>
    Task<RegisteredModel> GetAsync(string name, CancellationToken cancellation);

    /// <summary>Moves an alias by the rules of <see cref="ModelAliases.Apply"/>.</summary>
    /// <exception cref="RegistryException">The rules do not allow it, or it cannot be written.</exception>
    Task MoveAliasAsync(string name, AliasMove move, CancellationToken cancellation);

    /// <summary>Puts a version away, by the rules of <see cref="ModelAliases.Archive"/>.</summary>
    /// <exception cref="RegistryException">The rules do not allow it, or it cannot be written.</exception>
    Task ArchiveAsync(string name, int version, string by, CancellationToken cancellation);
}
