namespace Streaming.Scoring.Registry;

/// <summary>The names of the tags that this program gives to a model's version, in a folder and in MLflow alike.</summary>
public static class VersionTags
{
    /// <summary>The feature service that the model reads.</summary>
    public const string FeatureService = "streaming.feature_service";

    /// <summary>The features in the order of the input's columns, as a JSON array.</summary>
    public const string Features = "streaming.features";

    /// <summary>Fingerprint of the definitions of the features at registration.</summary>
    public const string Definitions = "streaming.definitions_fingerprint";

    /// <summary>Fingerprint of the training rows.</summary>
    public const string TrainingData = "streaming.training_fingerprint";

    /// <summary>SHA-256 of the model's file; scores name its first eight digits.</summary>
    public const string FileHash = "streaming.file_sha256";

    /// <summary>Whether the file has the histograms of training that drift is measured against: <c>true</c> or <c>false</c>.</summary>
    public const string Baseline = "streaming.baseline";

    /// <summary>The program that wrote the file.</summary>
    public const string CreatedBy = "streaming.created_by";

    /// <summary>The result of the admission gate, as JSON; the run has the whole text as <c>gate.json</c>.</summary>
    public const string Gate = "streaming.gate";

    /// <summary>Who registered the version.</summary>
    public const string RegisteredBy = "streaming.registered_by";

    /// <summary>Who archived the version, and when; there only if it was.</summary>
    public const string Archived = "streaming.archived";

    /// <summary>On the registered model: the moves of its aliases, as JSON.</summary>
    public const string AliasHistory = "streaming.alias_history";
}
