namespace Streaming.Log.Embedded;

/// <summary>Checks a damaged log, and gives up what is lost if the operator decides so.</summary>
public static class EmbeddedLogRepair
{
    /// <summary>Lists all that is wrong with a log; reads every record and changes nothing. Empty if nothing is.</summary>
    /// <exception cref="EventLogException">There is no log, or it cannot be opened.</exception>
    public static IReadOnlyList<string> Check(EmbeddedLogSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        RequireExists(settings.Path);
        if (LogFiles.Orphans(settings.Path) is { } orphan)
        {
            return [$"{settings.Path} is missing or empty beside {orphan}"];
        }

        var damage = new LogDamage(settings.Path);
        try
        {
            using var database = Database.Open(settings, damage);
            var faults = LogCheck.Run(database, withRecords: true);
            if (faults.Count > 0)
            {
                // Closing it then leaves its write-ahead log as it is.
                _ = damage.Found(faults[0]);
            }

            return faults;
        }
        catch (EventLogException) when (damage.What is not null)
        {
            // It cannot be read so far that more could be listed.
            return [damage.What];
        }
    }

    /// <summary>
    /// Makes the log usable without what is lost: all that can be read stays at its offset, lost offsets hold no records. If no record is
    /// left, its files get other names and the log begins again. Returns what was done.
    /// </summary>
    /// <exception cref="EventLogException">There is no log, or its damage cannot be repaired.</exception>
    public static IReadOnlyList<string> AcceptLoss(EmbeddedLogSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        RequireExists(settings.Path);
        if (LogFiles.Orphans(settings.Path) is not null)
        {
            return LogFiles.MoveAside(settings.Path);
        }

        var damage = new LogDamage(settings.Path);
        try
        {
            return Repair(settings, damage);
        }
        catch (EventLogException) when (damage.IsWithoutTables)
        {
            return LogFiles.MoveAside(settings.Path);
        }
        catch (EventLogException e) when (damage.IsKnown)
        {
            throw damage.BeyondRepair(e);
        }
    }

    private static IReadOnlyList<string> Repair(EmbeddedLogSettings settings, LogDamage damage)
    {
        using var database = Database.Open(settings, damage);
        using var ends = EndOffsetsFile.TryOpen(settings.Path, database.Identity.Id);
        database.Execute("beginning to repair", "BEGIN IMMEDIATE");
        try
        {
            var repair = new LogRepair(database, ends?.Read() ?? []);
            repair.Run();
            EndOffsetsFile.Create(settings.Path, database.Identity.Id, repair.Ends());
            database.Execute("committing the repair", "COMMIT");
            return ends is null
                ? [.. repair.Done, $"{EndOffsetsFile.PathOf(settings.Path)} was created again; the log may have ended later"]
                : repair.Done;
        }
        finally
        {
            database.Rollback();
        }
    }

    private static void RequireExists(string path)
    {
        if (!File.Exists(path) && LogFiles.Orphans(path) is null)
        {
            throw new EventLogException(
                $"{path}: there is no log here; start where the node runs, or name its directory (STREAMING_DATA, --config).",
                retriable: false);
        }
    }
}
