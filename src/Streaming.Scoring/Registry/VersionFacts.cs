using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Streaming.Features.Plans;
using Streaming.Scoring.Models;

namespace Streaming.Scoring.Registry;

/// <summary>What a version's tags say of a model file and of the definitions that it is registered under.</summary>
public static class VersionFacts
{
    /// <summary>The tags.</summary>
    /// <param name="file">The ONNX file.</param>
    /// <param name="metadata">What it says of itself.</param>
    /// <param name="service">The feature service of the model's definition.</param>
    /// <param name="gate">The result of the admission gate; null if there was none.</param>
    public static ImmutableSortedDictionary<string, string> Of(
        string file, ModelMetadata metadata, ServicePlan service, JsonElement? gate)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(service);
        var tags = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        tags[VersionTags.FeatureService] = service.Name;
        tags[VersionTags.Features] = FeaturesOf(service);
        tags[VersionTags.Definitions] = service.Fingerprint;
        tags[VersionTags.FileHash] = HashOf(file);
        tags[VersionTags.Baseline] = metadata.BaselineJson.Length > 0 ? "true" : "false";
        AddIfKnown(VersionTags.TrainingData, metadata.TrainingFingerprint);
        AddIfKnown(VersionTags.CreatedBy, metadata.CreatedBy);
        AddIfKnown(VersionTags.Gate, gate is { } result ? Compact(result) : "");
        return tags.ToImmutable();

        void AddIfKnown(string key, string value)
        {
            if (value.Length > 0)
            {
                tags[key] = value;
            }
        }
    }

    private static string FeaturesOf(ServicePlan service) =>
        "[" + string.Join(",", service.FeatureNames.Select(name => "\"" + JsonEncodedText.Encode(name) + "\"")) + "]";

    private static string Compact(JsonElement json)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
