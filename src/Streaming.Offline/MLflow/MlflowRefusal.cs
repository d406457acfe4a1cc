using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Offline.MLflow;

/// <summary>What an MLflow server's error answers mean.</summary>
internal static class MlflowRefusal
{
    private const int ExcerptLength = 300;

    /// <summary>The fault of an answer.</summary>
    /// <param name="where">The server.</param>
    /// <param name="status">Its HTTP status.</param>
    /// <param name="text">Its body: <c>{"error_code": ..., "message": ...}</c>, or anything that a proxy writes.</param>
    public static RegistryException Of(string where, HttpStatusCode status, string text)
    {
        var (code, message) = Read(text);
        var fault = (code, (int)status) switch
        {
            ("RESOURCE_ALREADY_EXISTS", _) => RegistryFault.AlreadyExists,
            ("RESOURCE_DOES_NOT_EXIST", _) or (_, 404) => RegistryFault.NotFound,
            (_, 401 or 403) => RegistryFault.Refused,
            (_, 408 or 429 or >= 500) => RegistryFault.Away,
            _ => RegistryFault.Invalid,
        };
        var advice = fault == RegistryFault.Refused
            ? "; set MLFLOW_TRACKING_USERNAME and _PASSWORD, or MLFLOW_TRACKING_TOKEN"
            : "";
        return new RegistryException(
            fault, $"MLflow at {where} answered {(int)status}{(code.Length > 0 ? " " + code : "")}: {message}{advice}");
    }

    private static (string Code, string Message) Read(string text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject body)
            {
                return (body["error_code"]?.ToString() ?? "", Excerpt(body["message"]?.ToString() ?? text));
            }
        }
        catch (JsonException)
        {
            // A proxy's page.
        }

        return ("", text.Length == 0 ? "an empty body" : Excerpt(text));
    }

    private static string Excerpt(string text) =>
        string.Join(' ', (text.Length > ExcerptLength ? text[..ExcerptLength] + "..." : text)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
