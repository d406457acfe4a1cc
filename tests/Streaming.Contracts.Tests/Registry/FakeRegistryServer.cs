using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Avro;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Registry;

/// <summary>The REST API as Confluent documents it, in memory, on the loopback; it can be told to fail.</summary>
internal sealed class FakeRegistryServer : IAsyncDisposable
{
    private readonly List<string> _schemas = [];
    private readonly Dictionary<string, List<int>> _subjects = [];
    private readonly Dictionary<string, string> _levels = [];
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public FakeRegistryServer()
    {
        Url = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _loop = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>What is answered instead of the truth; null for the truth.</summary>
    public (int Status, string Body)? Override { get; set; }

    /// <summary>Held until it is completed, when set.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Method and path of each request, in order.</summary>
    public List<string> Requests { get; } = [];

    public string? Authorization { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The client gave up, or the listener was closed: the loop's condition tells which.
                continue;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath;
        lock (Requests)
        {
            Requests.Add($"{context.Request.HttpMethod} {path}");
        }

        Authorization = context.Request.Headers["Authorization"];
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }

        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        var (status, answer) = Override ?? Answer(context.Request.HttpMethod, path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray(), body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/vnd.schemaregistry.v1+json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        context.Response.Close();
    }

    private (int Status, string Body) Answer(string method, string[] path, string body) => (method, path) switch
    {
        ("GET", ["schemas", "ids", var id]) => ById(int.Parse(id)),
        ("POST", ["subjects", var subject, "versions"]) => Register(subject, SchemaOf(body)),
        ("GET", ["subjects", var subject, "versions"]) => _subjects.TryGetValue(subject, out var ids)
            ? Ok(new JsonArray([.. Enumerable.Range(1, ids.Count).Select(version => (JsonNode)version)]))
            : Error(404, 40401, $"Subject '{subject}' not found."),
        ("GET", ["subjects", var subject, "versions", var version]) => Version(subject, version),
        ("POST", ["compatibility", "subjects", var subject, "versions"]) => Compatibility(subject, SchemaOf(body)),
        ("GET", ["config", var subject]) => Ok(new JsonObject { ["compatibilityLevel"] = _levels.GetValueOrDefault(subject, "BACKWARD") }),
        ("PUT", ["config", var subject]) => SetLevel(subject, (string)JsonNode.Parse(body)!["compatibility"]!),
        _ => Error(404, 404, "HTTP 404 Not Found"),
    };

    private (int Status, string Body) ById(int id) => id >= 1 && id <= _schemas.Count
        ? Ok(new JsonObject { ["schema"] = _schemas[id - 1] })
        : Error(404, 40403, $"Schema {id} not found");

    private (int Status, string Body) Register(string subject, string schema)
    {
        var conflicts = Conflicts(subject, schema);
        if (conflicts.Count > 0)
        {
            return Error(409, 409, string.Join(", ", conflicts));
        }

        if (!_schemas.Contains(schema))
        {
            _schemas.Add(schema);
        }

        var id = _schemas.IndexOf(schema) + 1;
        _subjects.TryAdd(subject, []);
        if (!_subjects[subject].Contains(id))
        {
            _subjects[subject].Add(id);
        }

        return Ok(new JsonObject { ["id"] = id });
    }

    private (int Status, string Body) Version(string subject, string version)
    {
        if (!_subjects.TryGetValue(subject, out var ids))
        {
            return Error(404, 40401, $"Subject '{subject}' not found.");
        }

        var number = version == "latest" ? ids.Count : int.Parse(version);
        return number > ids.Count
            ? Error(404, 40402, $"Version {number} not found.")
            : Ok(new JsonObject { ["subject"] = subject, ["version"] = number, ["id"] = ids[number - 1], ["schema"] = _schemas[ids[number - 1] - 1] });
    }

    private (int Status, string Body) Compatibility(string subject, string schema)
    {
        var conflicts = Conflicts(subject, schema);
        return Ok(new JsonObject { ["is_compatible"] = conflicts.Count == 0, ["messages"] = new JsonArray([.. conflicts.Select(text => (JsonNode)text)]) });
    }

    private (int Status, string Body) SetLevel(string subject, string level)
    {
        _levels[subject] = level;
        return Ok(new JsonObject { ["compatibility"] = level });
    }

    private List<string> Conflicts(string subject, string schema)
    {
        var earlier = _subjects.GetValueOrDefault(subject, []).ConvertAll(id => Schema.Parse(_schemas[id - 1]));
        var level = CompatibilityLevels.Parse(_levels.GetValueOrDefault(subject, "BACKWARD"))!.Value;
        return [.. SchemaCompatibility.Check(Schema.Parse(schema), earlier, level).Select(found => found.ToString())];
    }

    private static string SchemaOf(string body) => (string)JsonNode.Parse(body)!["schema"]!;

    private static (int Status, string Body) Ok(JsonNode body) => (200, body.ToJsonString());

    private static (int Status, string Body) Error(int status, int code, string message) =>
        (status, new JsonObject { ["error_code"] = code, ["message"] = message }.ToJsonString());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
