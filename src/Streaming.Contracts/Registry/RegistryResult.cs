namespace Streaming.Contracts.Registry;

/// <summary>
/// What a registry answered: one of four. Only <see cref="NotFound"/> and <see cref="Rejected"/> are about the question; after
/// <see cref="Unavailable"/> nothing is known, and the caller waits and tries again, so that an outage loses no event.
/// </summary>
public abstract record RegistryResult<T>
{
    private RegistryResult()
    {
    }

    /// <summary>The answer.</summary>
    public sealed record Found(T Value) : RegistryResult<T>;

    /// <summary>The registry is up and has no such subject, version or schema.</summary>
    /// <param name="What">What was looked for.</param>
    public sealed record NotFound(string What) : RegistryResult<T>;

    /// <summary>The registry is up and refuses: trying again does not help.</summary>
    /// <param name="Reason">Why, for programs.</param>
    /// <param name="Detail">Why and how to correct it, for people.</param>
    public sealed record Rejected(RegistryRejection Reason, string Detail) : RegistryResult<T>;

    /// <summary>No answer: unreachable, timed out, failing (5xx), or not letting us in.</summary>
    /// <param name="Reason">What happened and where to look.</param>
    /// <param name="Inner">The cause, if there is an exception.</param>
    public sealed record Unavailable(string Reason, Exception? Inner) : RegistryResult<T>;
}

/// <summary>Why a registry refuses.</summary>
public enum RegistryRejection
{
    /// <summary>The schema breaks the subject's compatibility level (409).</summary>
    Incompatible,

    /// <summary>Not an Avro schema that this build or the registry understands (42201).</summary>
    InvalidSchema,

    /// <summary>The subject, version or level is invalid (42202, 42203), or the registry is read-only for this client.</summary>
    InvalidRequest,
}
