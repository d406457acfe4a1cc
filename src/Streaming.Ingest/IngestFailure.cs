namespace Streaming.Ingest;

/// <summary>Who can mend what keeps events from being written.</summary>
public enum IngestFailure
{
    /// <summary>The input or a setting is wrong.</summary>
    Input,

    /// <summary>The schema registry refuses a schema of this build.</summary>
    SchemaRefused,

    /// <summary>The schema registry does not answer; trying again may help.</summary>
    RegistryAway,

    /// <summary>The system refuses: a file or directory, or another process that has the right to write.</summary>
    System,
}
