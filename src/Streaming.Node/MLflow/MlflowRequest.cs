using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>The members of a request, from its path, its query or its JSON body: MLflow's clients use all three.</summary>
internal sealed class MlflowRequest
{
    private readonly JsonObject _body;
    private readonly HttpRequest _http;

    private MlflowRequest(HttpRequest http, JsonObject body) => (_http, _body) = (http, body);

    /// <summary>Reads a request.</summary>
    /// <exception cref="RegistryException">Its body is no JSON object.</exception>
    public static async Task<MlflowRequest> ReadAsync(HttpContext context)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        try
        {
            var body = bytes.Length == 0 ? [] : JsonNode.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)) as JsonObject;
            return new(context.Request, body ?? throw new JsonException("it is no object"));
        }
        catch (JsonException error)
        {
            throw Wrong($"the body is not a JSON object: {error.Message}");
        }
    }

    /// <summary>A text; empty if it is not there.</summary>
    public string Text(string name) =>
        _http.RouteValues[name] as string ?? (_body[name] is { } node ? TextOf(name, node) : _http.Query[name].ToString());

    /// <summary>A text that must be there.</summary>
    /// <exception cref="RegistryException">It is not.</exception>
    public string Required(string name) => Text(name) is { Length: > 0 } text
        ? text
        : throw Wrong($"Missing value for required parameter '{name}'.");

    /// <summary>A whole number; null if it is not there.</summary>
    /// <exception cref="RegistryException">It is something else.</exception>
    public long? Number(string name) => Text(name) is not { Length: > 0 } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong($"{name} is '{text}', expected a whole number");

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string name) => _body[name] is JsonArray array
        ? [.. array.Select(item => TextOf(name, item))]
        : [.. _http.Query[name].OfType<string>()];

    /// <summary>A list of objects.</summary>
    /// <exception cref="RegistryException">It is something else.</exception>
    public IReadOnlyList<JsonObject> Objects(string name) => _body[name] switch
    {
        null => [],
        JsonArray array => [.. array.Select(item => item as JsonObject ?? throw Wrong($"{name} is no list of objects"))],
        _ => throw Wrong($"{name} is no list"),
    };

    /// <summary>
    /// The orders of a search, as texts: logged models have <c>{"field_name": NAME, "ascending": false}</c> where others have
    /// <c>NAME DESC</c>.
    /// </summary>
    /// <exception cref="RegistryException">It is something else.</exception>
    public IReadOnlyList<string> Orders(string name) => _body[name] is not JsonArray array ? Texts(name) :
    [
        .. array.Select(item => item is JsonObject order
            ? TextOf("field_name", order["field_name"]) + (TextOf("ascending", order["ascending"]) == "false" ? " DESC" : " ASC")
            : TextOf(name, item)),
    ];

    /// <summary>A list of keys with values.</summary>
    /// <exception cref="RegistryException">It is something else.</exception>
    public List<KeyValuePair<string, string>> Pairs(string name) =>
        [.. Objects(name).Select(pair => KeyValuePair.Create(TextOf("key", pair["key"]), TextOf("value", pair["value"])))];

    /// <summary>The values of metrics in a list.</summary>
    /// <exception cref="RegistryException">It is something else.</exception>
    public List<MetricPoint> Metrics(string name) => [.. Objects(name).Select(MetricOf)];

    /// <summary>The value of a metric that the request itself is.</summary>
    /// <exception cref="RegistryException">It is none.</exception>
    public MetricPoint Metric() => MetricOf(_body);

    /// <summary>Part of a list, and the token of the next part.</summary>
    /// <exception cref="RegistryException">The token or the size is wrong.</exception>
    public (IEnumerable<T> Page, string Next) Page<T>(IReadOnlyCollection<T> all, int standard)
    {
        var size = Number("max_results") ?? standard;
        var first = Number("page_token") ?? 0;
        if (size is < 1 or > 200_000 || first is < 0 or > int.MaxValue)
        {
            throw Wrong($"max_results is {size} and page_token '{Text("page_token")}', expected 1 to 200000 and a token of an answer");
        }

        var next = first + size < all.Count ? (first + size).ToString(CultureInfo.InvariantCulture) : "";
        return (all.Skip((int)first).Take((int)size), next);
    }

    /// <summary>A request that is wrong.</summary>
    public static RegistryException Wrong(string message) => new(RegistryFault.Invalid, message);

    private static MetricPoint MetricOf(JsonObject json)
    {
        static long Whole(JsonObject json, string name) => json[name] is not { } node ? 0
            : long.TryParse(node.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw Wrong($"the {name} of the metric '{json["key"]}' is '{node}', expected a whole number of 64 bits");
        var text = json["value"]?.ToString() ?? "";
        double? value = text switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
        return new(
            TextOf("key", json["key"]),
            value ?? throw Wrong($"the value of the metric '{json["key"]}' is '{text}', expected a number"),
            Whole(json, "timestamp"),
            Whole(json, "step"));
    }

    private static string TextOf(string name, JsonNode? node) => node switch
    {
        null => "",
        JsonValue value => value.ToString(),
        _ => throw Wrong($"{name} is no text"),
    };
}
