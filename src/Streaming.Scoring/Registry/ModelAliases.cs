namespace Streaming.Scoring.Registry;

/// <summary>How an alias of a model may move. Each rule holds for a folder and for MLflow alike.</summary>
public static class ModelAliases
{
    /// <summary>The model with an alias set, and the move in its history.</summary>
    /// <param name="model">The model.</param>
    /// <param name="move">The move; its previous version must be the one that the alias names.</param>
    /// <exception cref="RegistryException">There is no such version, it is archived, or the alias has moved meanwhile.</exception>
    public static RegisteredModel Apply(RegisteredModel model, AliasMove move)
    {
        RegistryNames.RequireAlias(move.Alias);
        var current = model.Aliases.GetValueOrDefault(move.Alias);
        if (current != move.Previous)
        {
            throw new RegistryException(
                RegistryFault.Conflict,
                $"the alias '{move.Alias}' of '{model.Name}' has moved to version {current} meanwhile; look again, and repeat the command");
        }

        if (move.Version == 0)
        {
            return model with { Aliases = model.Aliases.Remove(move.Alias), History = model.History.Add(move) };
        }

        var version = model.Require(move.Version);
        return version.IsArchived
            ? throw new RegistryException(
                RegistryFault.Conflict,
                $"version {version.Version} of '{model.Name}' is archived ({version.Tags[VersionTags.Archived]}) and cannot be the " +
                move.Alias)
            : model with { Aliases = model.Aliases.SetItem(move.Alias, move.Version), History = model.History.Add(move) };
    }

    /// <summary>The version put away.</summary>
    /// <exception cref="RegistryException">An alias names it, or it is archived already.</exception>
    public static ModelVersion Archive(RegisteredModel model, ModelVersion version, string by, DateTimeOffset now) =>
        version.IsArchived
            ? throw new RegistryException(
                RegistryFault.Conflict,
                $"version {version.Version} of '{model.Name}' is archived already ({version.Tags[VersionTags.Archived]})")
            : model.AliasesOf(version.Version).ToArray() is [var alias, ..]
            ? throw new RegistryException(
                RegistryFault.Conflict,
                $"version {version.Version} of '{model.Name}' is the {alias}; promote another version first")
            : version with
            {
                Tags = version.Tags.SetItem(VersionTags.Archived, FormattableString.Invariant($"{now:yyyy-MM-ddTHH:mm:ssZ} by {by}")),
            };
}
