using System.Runtime.InteropServices;
using SQLitePCL;

namespace Streaming.Log.Embedded;

/// <summary>Calls of SQLite that its wrapper does not have.</summary>
internal static class SqliteNative
{
    private const string Library = "e_sqlite3";
    private const int HasMovedCode = 20; // SQLITE_FCNTL_HAS_MOVED
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE

    /// <summary>The system's own error number behind the last failure.</summary>
    public static int SystemError(sqlite3 database) => sqlite3_system_errno(database);

    /// <summary>Whether the file that is open is no longer the one at its path: it was deleted, or another took its place.</summary>
    public static bool HasMoved(sqlite3 database) =>
        sqlite3_file_control(database, "main", HasMovedCode, out var moved) == raw.SQLITE_OK && moved != 0;

    /// <summary>
    /// Closing leaves the write-ahead log as it is: the last connection does not copy it into the database and delete it.
    /// </summary>
    public static void KeepWriteAheadLog(sqlite3 database) => raw.sqlite3_db_config(database, NoCheckpointOnClose, 1, out _);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_system_errno(sqlite3 database);

    [DllImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static extern int sqlite3_file_control(
        sqlite3 database, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, int operation, out int result);
}
