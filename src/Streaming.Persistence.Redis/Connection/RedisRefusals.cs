namespace Streaming.Persistence.Redis.Connection;

/// <summary>What a server's refusals mean.</summary>
internal static class RedisRefusals
{
    /// <summary>The cause behind what a server said.</summary>
    public static RedisCause Of(string said, RedisTarget target) => said.Split(' ')[0] switch
    {
        "NOAUTH" or "WRONGPASS" => Credentials(target),
        "NOPERM" => new(
            said, "The user may not do that: docs/persistence.md lists the commands that its ACL must allow.", Retriable: false),
        "READONLY" => new(said, "The server is a replica; the client looks for the primary. Try again.", Retriable: true),
        "EXECABORT" => new(
            said,
            "Redis refused a command of the transaction: the server is a replica, its memory is full, or the user may not do that; " +
            "its log says which.",
            Retriable: true),
        "OOM" => new(
            said, "The server's memory is full (maxmemory): raise it, and keep maxmemory-policy noeviction.", Retriable: true),
        "MISCONF" => new(said, "The server cannot write to its disk: look at its log and its disk.", Retriable: true),
        "NOREPLICAS" => new(said, "The server has fewer replicas than min-replicas-to-write asks for.", Retriable: true),
        "LOADING" or "CLUSTERDOWN" or "MASTERDOWN" or "TRYAGAIN" or "BUSY" or "MOVED" or "ASK" =>
            new(said, "This is an outage, or the server is busy; try again.", Retriable: true),
        _ when said.Contains("max number of clients", StringComparison.Ordinal) =>
            new(said, "The server has too many clients: end some, or raise its maxclients.", Retriable: true),
        _ when said.Contains("DB index", StringComparison.Ordinal) => NoDatabase(target),
        _ => new(
            said,
            $"Look at the server's version (7 or later) and that nothing else writes under {target.Settings.KeyPrefix}.",
            Retriable: false),
    };

    /// <summary>The server has not so many databases.</summary>
    public static RedisCause NoDatabase(RedisTarget target) => new(
        FormattableString.Invariant($"the server has no database {target.Database}"),
        $"Set {target.Settings.Database} below what its setting 'databases' says; a Cluster has 0 only.",
        Retriable: false);

    // A client whose password was refused goes on as nobody, and hears NOAUTH.
    private static RedisCause Credentials(RedisTarget target) => target.HasPassword
        ? new(
            "WRONGPASS: the server refuses the user or the password",
            $"Look at {target.Settings.User} and {target.Settings.Password}.",
            Retriable: false)
        : new("NOAUTH: the server asks for a password", $"Set {target.Settings.Password}.", Retriable: false);
}
