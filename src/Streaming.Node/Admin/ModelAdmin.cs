using System.Text.Json;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Admin;

/// <summary>
/// POST /models/{model}/swap: ?file= puts a file of this machine in use, with ?fingerprint= only if it was made for the node's definitions;
/// without a file the one that is in use is loaded again.
/// </summary>
internal sealed class ModelAdmin(ModelSlots models)
{
    /// <summary>The path.</summary>
    public const string Path = "/models/{model}/swap";

    /// <summary>Swaps.</summary>
    public async Task SwapAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["model"]!;
        var file = context.Request.Query["file"].ToString();
        var fingerprint = context.Request.Query["fingerprint"].ToString();
        file = file.Length > 0 ? file : models.Find(name)?.Definition.File ?? string.Empty;
        var result = await Task.Run(() => models.Swap(name, file, fingerprint.Length > 0 ? fingerprint : null), context.RequestAborted);
        await (result switch
        {
            SwapResult.Swapped swapped => WriteAsync(context, new(name, swapped.From, swapped.To, file)),
            SwapResult.UnknownModel unknown => AdminProblem.NoModelAsync(context, name, unknown.Known),
            SwapResult.Refused refused => AdminProblem.SwapRefusedAsync(context, refused.Reason),
            _ => throw new InvalidOperationException($"a swap cannot end as {result}"),
        });
    }

    private static Task WriteAsync(HttpContext context, SwapBody body)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.BodyWriter, body, AdminJson.Default.SwapBody, context.RequestAborted);
    }
}

/// <summary>A swap that was made.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="From">The version that answered.</param>
/// <param name="To">The version that answers.</param>
/// <param name="File">Its file.</param>
internal sealed record SwapBody(string Model, string From, string To, string File);
