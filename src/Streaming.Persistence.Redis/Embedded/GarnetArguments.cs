using System.Globalization;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>What Garnet is told, in the words of its command line; they do not appear in a list of processes.</summary>
internal static class GarnetArguments
{
    private const string AofMemory = "16m";
    private const string AofPage = "8m";
    private const string AofSegment = "32m";
    private const string Page = "4m";

    public static string[] Of(EmbeddedRedisSettings settings, string directory, int port, string password) =>
    [
        "--bind", "127.0.0.1",
        "--port", Text(port),
        "--auth", "Password",
        "--password", password,
        "-q", "true",
        "--logger-level", "Error",
        "--disable-console-logger", "true",

        // The default device wants libaio.
        "--device-type", "RandomAccess",
        "--lua", "true",

        // Locks a script's keys for the whole script: no other keeper's take may fall between compare and set.
        "--lua-transaction-mode", "true",

        // Data beyond the memory go to the disk; without a tier they would be lost.
        "--memory", Text(settings.MemoryBytes),
        "--page", Page,
        "--index", "4m",
        "--buffer-pool-memory-budget", "16m",
        "--network-buffer-memory-budget", "16m",
        "--storage-tier", "true",
        "--logdir", directory,
        "--checkpointdir", directory,
        "--compaction-type", "Lookup",
        "--compaction-freq", "60",

        // The log of writes: all since the last checkpoint. Damage is a failure of the start, not an empty store.
        "--aof", "true",
        "--aof-memory", AofMemory,
        "--aof-page-size", AofPage,
        "--aof-commit-freq", "0",
        "--aof-commit-wait", settings.WaitForLog ? "true" : "false",
        "--checkpoint-freq", Text((long)settings.CheckpointInterval.TotalSeconds),

        // A log that is longer is cut by a checkpoint, too: a start reads all of it.
        "--aof-size-limit", Text(settings.LogBytesMax),
        "--aof-size-limit-enforce-frequency", "1",
        "--aof-segment-size", AofSegment,
        "--recover", "true",
        "--fail-on-recovery-error", "true",
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
