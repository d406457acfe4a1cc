using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Streaming.Features.Language;

namespace Streaming.Features.Plans;

/// <summary>
/// A hash of everything in the definitions that decides a service's values: comments, spaces, file names and other services do not.
/// </summary>
internal static class DefinitionsFingerprint
{
    /// <summary><c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static string Of(FeatureDefinitions definitions)
    {
        var text = new StringBuilder();
        foreach (var view in definitions.Views.OrderBy(view => view.Name, StringComparer.Ordinal))
        {
            Line(text, "view", view.Name, view.Entity, view.Source, view.KeyField, view.TimeField, view.DelayMillis);
            foreach (var feature in view.Features.OrderBy(feature => feature.Name, StringComparer.Ordinal))
            {
                Add(text, feature);
            }
        }

        foreach (var service in definitions.Services)
        {
            Line(text, "service", service.Name, service.RequestSource ?? "");
            foreach (var element in service.Features)
            {
                Line(text, "element", element.Name, element.Derivation?.Canonical ?? "");
            }
        }

        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Add(StringBuilder text, AggregationDefinition feature)
    {
        Line(text, "feature", feature.Name, feature.Aggregation.Value, feature.Where?.Canonical ?? "");
        Line(text, "default", feature.Default?.ToString("R", CultureInfo.InvariantCulture) ?? "", feature.TtlMillis ?? -1);
        foreach (var input in feature.Inputs)
        {
            Line(text, "input", input.Canonical);
        }

        foreach (var window in feature.Windows)
        {
            Line(text, "window", window.Label, window.Millis);
        }

        foreach (var (name, value) in feature.Parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            Line(text, "parameter", name, value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private static void Line(StringBuilder text, params ReadOnlySpan<object> words)
    {
        foreach (var word in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"{word}\t");
        }

        text.Append('\n');
    }
}
