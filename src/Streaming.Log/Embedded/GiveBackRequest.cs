namespace Streaming.Log.Embedded;

/// <summary>
/// Gives free pages back to the file system, as many as one transaction may move; the file shrinks at the copying of the write-ahead log
/// that follows. Some stay for the next appends. The result is whether there are more.
/// </summary>
internal sealed class GiveBackRequest : WriteRequest<bool>
{
    /// <summary>Pages (of 8 KiB) of one transaction, 4 MiB: each may be copied from the file's end to a free place.</summary>
    private const int PagesMax = 512;

    /// <summary>Free pages that stay, 8 MiB or a sixteenth of the file: giving back what appends take next is work for nothing.</summary>
    private const int PagesKept = 1_024;
    private const int FileShareKept = 16;

    protected override Exception? Apply(LogTransaction transaction)
    {
        var database = transaction.Database;
        if (database.Number("PRAGMA auto_vacuum") != 0 && Surplus(database) is var surplus and > 0)
        {
            database.Execute("giving space back", FormattableString.Invariant($"PRAGMA incremental_vacuum({Math.Min(surplus, PagesMax)})"));
            Result = surplus > PagesMax;
            transaction.Checkpointer.Ask();
        }

        return null;
    }

    private static long Surplus(Database database) =>
        database.Number("PRAGMA freelist_count") - Math.Max(PagesKept, database.Number("PRAGMA page_count") / FileShareKept);
}
