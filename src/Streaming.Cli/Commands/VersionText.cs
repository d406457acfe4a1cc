using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Commands;

/// <summary>How versions of models are written for people and for programs, and named by them.</summary>
internal static class VersionText
{
    private const string Latest = "latest";

    /// <summary>A version's number.</summary>
    public static string Number(ModelVersion version) => version.Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>A version's aliases, or that it is archived.</summary>
    public static string Names(RegisteredModel model, ModelVersion version) =>
        version.IsArchived ? "(archived)" : OrDash(string.Join(", ", model.AliasesOf(version.Version)));

    /// <summary>A text, or a dash for none.</summary>
    public static string OrDash(string text) => text.Length > 0 ? text : "-";

    /// <summary>A time of the registry.</summary>
    public static string Time(long millis) => millis == 0
        ? "-"
        : DateTimeOffset.FromUnixTimeMilliseconds(millis).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A metric's value.</summary>
    public static string Value(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>The metrics in one line.</summary>
    public static string Metrics(ModelVersion version) =>
        OrDash(string.Join(", ", version.Metrics.Select(metric => $"{metric.Key} {Value(metric.Value)}")));

    /// <summary>A model for programs.</summary>
    public static object Json(RegisteredModel model) => new
    {
        model.Name,
        model.Description,
        model.Aliases,
        model.Tags,
        Versions = model.Versions.Select(version => Json(model, version)),
        model.History,
    };

    /// <summary>A version for programs.</summary>
    public static object Json(RegisteredModel model, ModelVersion version) => new
    {
        Model = model.Name,
        version.Version,
        Aliases = model.AliasesOf(version.Version),
        version.FeatureService,
        version.IsArchived,
        version.User,
        version.CreatedAt,
        version.Description,
        version.Source,
        version.RunId,
        version.Params,
        version.Metrics,
        version.Tags,
    };

    /// <summary>The version that a word of the command line names.</summary>
    /// <exception cref="CliFailure">There is none.</exception>
    public static ModelVersion Find(RegisteredModel model, string word)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return model.Require(number);
        }

        if (word == Latest && !model.Versions.IsEmpty)
        {
            return model.Versions[^1];
        }

        if (model.Aliases.TryGetValue(word, out number))
        {
            return model.Require(number);
        }

        var aliases = model.Aliases.IsEmpty ? "it has no aliases yet" : $"its aliases are {string.Join(", ", model.Aliases.Keys)}";
        throw new CliFailure(
            ExitCode.Usage, $"the model '{model.Name}' has no version '{word}'; expected a number, latest or an alias: {aliases}");
    }
}
