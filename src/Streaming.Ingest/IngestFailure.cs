namespace Streaming.Ingest;

/// <summary>Why events cannot be written, and so who can correct it.</summary>
public enum IngestFailure
{
    /// <summary>The input or a setting is wrong.</summary>
    Input,

    /// <summary>The schema registry refuses a schema of this build.</summary>
    SchemaRefused,

    /// <summary>The schema registry does not answer; trying again may help.</summary>
    RegistryAway,

    /// <summary>The system refuses: a file or directory, or a lock that another process holds.</summary>
    System,
}
