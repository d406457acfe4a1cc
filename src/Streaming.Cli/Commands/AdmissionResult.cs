using System.Text.Json;

namespace Streaming.Cli.Commands;

/// <summary>The result of the admission gate, as <c>models check --json</c> prints it and versions keep it.</summary>
internal static class AdmissionResult
{
    private const string HashPrefix = "sha256:";

    /// <summary>Why it admits no file of that hash; null where it does.</summary>
    /// <param name="result">The result.</param>
    /// <param name="hash">The file's SHA-256 in hexadecimal digits, or how it begins.</param>
    public static string? FaultOf(JsonElement result, string hash) =>
        TextOf(result, "sha256") is not { } sha256 ? "it is no result of the admission gate"
        : !sha256.StartsWith(HashPrefix + hash, StringComparison.Ordinal) ? $"it is the result of another file ({TextOf(result, "file")})"
        : !result.TryGetProperty("passed", out var passed) || passed.ValueKind != JsonValueKind.True ? "the file did not pass the gate"
        : null;

    private static string? TextOf(JsonElement result, string name) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
}
