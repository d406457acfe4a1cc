using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>Errors as MLflow's clients read them: <c>{"error_code": ..., "message": ...}</c>.</summary>
internal static class MlflowError
{
    /// <summary>Writes a fault of the folder, or of the request.</summary>
    public static Task WriteAsync(HttpContext context, RegistryException error) => error.Fault switch
    {
        RegistryFault.NotFound => WriteAsync(context, StatusCodes.Status404NotFound, "RESOURCE_DOES_NOT_EXIST", error.Message),
        RegistryFault.AlreadyExists => WriteAsync(context, StatusCodes.Status400BadRequest, "RESOURCE_ALREADY_EXISTS", error.Message),
        RegistryFault.Conflict => WriteAsync(context, StatusCodes.Status409Conflict, "RESOURCE_CONFLICT", error.Message),
        RegistryFault.Refused => WriteAsync(context, StatusCodes.Status403Forbidden, "PERMISSION_DENIED", error.Message),
        RegistryFault.Away => WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "TEMPORARILY_UNAVAILABLE", error.Message),
        RegistryFault.Damaged => WriteAsync(context, StatusCodes.Status500InternalServerError, "INTERNAL_ERROR", error.Message),
        _ => WriteAsync(context, StatusCodes.Status400BadRequest, "INVALID_PARAMETER_VALUE", error.Message),
    };

    /// <summary>404: the node answers only a part of MLflow's API.</summary>
    public static Task NoEndpointAsync(HttpContext context) => WriteAsync(
        context,
        StatusCodes.Status404NotFound,
        "ENDPOINT_NOT_FOUND",
        $"{context.Request.Method} {context.Request.Path} is not among the parts of MLflow's API that this node answers");

    /// <summary>403: what writes is answered elsewhere.</summary>
    public static Task ReadOnlyAsync(HttpContext context) => WriteAsync(
        context,
        StatusCodes.Status403Forbidden,
        "PERMISSION_DENIED",
        "this address only reads; to write, set MLFLOW_TRACKING_URI to what the file admin/address in the node's data directory has, and " +
        "MLFLOW_TRACKING_TOKEN to what admin/token has");

    private static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            new JsonObject { ["error_code"] = code, ["message"] = message }.ToJsonString(), context.RequestAborted);
    }
}
