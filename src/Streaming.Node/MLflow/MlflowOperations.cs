using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>Maps operations of MLflow's API to paths; those that write are refused where only reading is allowed.</summary>
/// <param name="routes">Where they are mapped.</param>
/// <param name="mayWrite">Whether those that write are answered.</param>
internal sealed class MlflowOperations(IEndpointRouteBuilder routes, bool mayWrite)
{
    private const string Api = "/api/2.0/mlflow/";

    /// <summary>An operation that only reads.</summary>
    public void Read(string method, string path, Func<MlflowRequest, CancellationToken, Task<JsonObject>> answer) =>
        Map(method, path.StartsWith('/') ? path : Api + path, context => AnswerAsync(context, answer));

    /// <summary>An operation that writes.</summary>
    public void Write(string method, string path, Func<MlflowRequest, CancellationToken, Task<JsonObject>> answer) =>
        Map(method, Api + path, mayWrite ? context => AnswerAsync(context, answer) : MlflowError.ReadOnlyAsync);

    /// <summary>An operation on files.</summary>
    public void Files(string method, string path, RequestDelegate answer, bool isWrite) =>
        Map(method, path, isWrite && !mayWrite ? MlflowError.ReadOnlyAsync : context => GuardAsync(context, () => answer(context)));

    private static Task AnswerAsync(HttpContext context, Func<MlflowRequest, CancellationToken, Task<JsonObject>> answer) =>
        GuardAsync(context, async () =>
        {
            var request = await MlflowRequest.ReadAsync(context);
            var body = await answer(request, context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
        });

    private static async Task GuardAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (RegistryException error)
        {
            await MlflowError.WriteAsync(context, error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException
            || (error is IOException and not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested))
        {
            await MlflowError.WriteAsync(context, new RegistryException(RegistryFault.Damaged, error.Message, error));
        }
    }

    private void Map(string method, string path, RequestDelegate answer) =>
        routes.MapMethods(path, method == "GET" ? ["GET", "HEAD"] : [method], answer).ExcludeFromDescription();
}
