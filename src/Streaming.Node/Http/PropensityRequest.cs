using System.Text.Json;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>The body of POST /propensity where it asks for recommendations, understood.</summary>
/// <param name="User">Whose.</param>
/// <param name="Category">Of which category besides those that the user looked at; null for none.</param>
/// <param name="Top">How many.</param>
internal sealed record PropensityRequest(string User, string? Category, int Top)
{
    /// <summary>The most recommendations in one answer.</summary>
    public const int TopMax = 20;

    private const string Sample = "{\"user_id\":\"user_12345\",\"top\":5}";

    /// <summary>Reads a body. Both are null where it asks for one score, which the model's own rules judge.</summary>
    public static (PropensityRequest? Request, Problem? Problem) Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return (null, Problems.EmptyBody);
        }

        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("top", out var top) ? Parse(root, top) : (null, null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, Problems.Of(RequestFaults.Malformed(e)));
        }
    }

    private static (PropensityRequest?, Problem?) Parse(JsonElement root, JsonElement top)
    {
        string? category = null;
        var wrong = RequestMembers.WrongIn(root, string.Empty, "user_id", "category", "top");
        wrong ??= RequestMembers.TextOf(root, "user_id", "user_id", "a text such as \"user_12345\"", Sample, out var user)
            ?? FeaturesRequest.WrongKey(user, "user_id");
        if (wrong is null && root.TryGetProperty("category", out var given) && given.ValueKind != JsonValueKind.Null)
        {
            wrong = RequestMembers.TextOf(given, "category", "a text such as \"category_7\"", out category)
                ?? FeaturesRequest.WrongKey(category, "category");
        }

        var isNumber = top.ValueKind == JsonValueKind.Number && top.TryGetInt32(out var count) && count is >= 1 and <= TopMax;
        wrong ??= isNumber ? null : Problems.WrongValue(
            "top", $"is {top.GetRawText()}, expected a whole number from 1 to {TopMax}");
        return wrong is null ? (new(root.GetProperty("user_id").GetString()!, category, top.GetInt32()), null) : (null, wrong);
    }
}
