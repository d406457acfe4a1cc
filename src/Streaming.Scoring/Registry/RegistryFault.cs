namespace Streaming.Scoring.Registry;

/// <summary>What callers tell apart.</summary>
public enum RegistryFault
{
    /// <summary>The request is wrong: a name, a value, a file of another feature service.</summary>
    Invalid,

    /// <summary>There is no such model, version, alias, run, experiment or artifact.</summary>
    NotFound,

    /// <summary>There is one of that name already.</summary>
    AlreadyExists,

    /// <summary>The state does not allow it: an archived version, an alias that has moved meanwhile.</summary>
    Conflict,

    /// <summary>A server refuses the caller: no or wrong credentials.</summary>
    Refused,

    /// <summary>It does not answer in time, or another process works on the folder; trying again may help.</summary>
    Away,

    /// <summary>A file of the folder, or a server's answer, cannot be read.</summary>
    Damaged,
}
