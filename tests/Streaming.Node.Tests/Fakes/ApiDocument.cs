using System.Globalization;
using System.Text.Json.Nodes;

namespace Streaming.Node.Tests.Fakes;

/// <summary>An OpenAPI document, and what JSON it allows: as much of JSON Schema as the node's document uses.</summary>
internal sealed class ApiDocument(JsonNode root)
{
    public JsonNode Root { get; } = root;

    public static async Task<ApiDocument> OfAsync(TestNode node) => new(JsonNode.Parse(await node.Client.GetStringAsync("/openapi/v1.json"))!);

    /// <summary>Every operation by its method and path.</summary>
    public IEnumerable<(string Method, string Path, JsonNode Operation)> Operations() =>
        from path in Root["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!);

    public JsonNode Operation(string method, string path) => Operations().Single(one => one.Method == method && one.Path == path).Operation;

    public JsonNode BodyOf(string path) => Operation("POST", path)["requestBody"]!["content"]!["application/json"]!;

    /// <summary>The answer is one that the operation has: by status, media type and body.</summary>
    public async Task HoldsAsync(string method, string path, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        var listed = Operation(method, path)["responses"]![status];
        Assert.True(listed is not null, $"{method} {path} answers {status}, which is not listed: {text}");
        var content = Assert.Single(listed["content"]!.AsObject());
        Assert.Equal(content.Key, answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(Faults(content.Value!["schema"]!, JsonNode.Parse(text)));
    }

    /// <summary>Why a value is not what a schema says; empty where it is.</summary>
    public IEnumerable<string> Faults(JsonNode schema, JsonNode? value, string at = "$")
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return Faults(Root["components"]!["schemas"]![reference.Split('/')[^1]]!, value, at);
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            return choices.Count(choice => !Faults(choice!, value, at).Any()) == 1 ? [] : [$"{at}: {value?.ToJsonString()} is not exactly one of {choices.ToJsonString()}"];
        }

        var kind = KindOf(value);
        if (!Kinds(schema).Any(allowed => allowed == kind || (allowed == "number" && kind == "integer")))
        {
            return [$"{at}: {kind} is not {schema["type"]?.ToJsonString()}"];
        }

        return ScalarFaults(schema, value, at).Concat(value switch
        {
            JsonObject members => MemberFaults(schema, members, at),
            JsonArray items => items.SelectMany((item, i) => Faults(schema["items"]!, item, $"{at}[{i}]")),
            _ => [],
        });
    }

    private IEnumerable<string> MemberFaults(JsonNode schema, JsonObject members, string at)
    {
        var missing = (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).Where(name => !members.ContainsKey(name));
        return missing.Select(name => $"{at}.{name} is missing").Concat(members.SelectMany(member => (schema["properties"]?[member.Key] ?? schema["additionalProperties"]) switch
        {
            JsonObject known => Faults(known, member.Value, $"{at}.{member.Key}"),
            _ => [$"{at}.{member.Key} is not described"],
        }));
    }

    private static IEnumerable<string> ScalarFaults(JsonNode schema, JsonNode? value, string at)
    {
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            yield return $"{at}: {value} is none of {words.ToJsonString()}";
        }

        if (value is JsonValue number && KindOf(value) is "integer" or "number" && ((double)value < (double?)schema["minimum"] || (double)value > (double?)schema["maximum"]))
        {
            yield return $"{at}: {number} is out of range";
        }

        if (KindOf(value) == "string" && ((string)value!).Length < (int?)schema["minLength"])
        {
            yield return $"{at}: too short";
        }

        if (KindOf(value) == "string" && (string?)schema["format"] == "date-time" && !DateTimeOffset.TryParse((string)value!, CultureInfo.InvariantCulture, out _))
        {
            yield return $"{at}: {value} is no time";
        }

        if (value is JsonArray items && items.Count > (int?)schema["maxItems"])
        {
            yield return $"{at}: too many";
        }
    }

    private static string[] Kinds(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(kind => (string)kind!)],
        { } one => [(string)one!],
        null => throw new InvalidOperationException($"a bare schema says nothing: {schema.ToJsonString()}"),
    };

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "null",
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => double.IsInteger((double)value) ? "integer" : "number",
        _ => "boolean",
    };
}
