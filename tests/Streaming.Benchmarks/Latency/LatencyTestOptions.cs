namespace Streaming.Benchmarks.Latency;

/// <summary>What <c>make test-latency</c> measures, and against which targets.</summary>
/// <param name="Node">The base address of a running node; null starts a node of its own with simulated history.</param>
/// <param name="Oha">The path of the load generator oha.</param>
/// <param name="ScoreRate">Requests a second in the run at a fixed rate.</param>
/// <param name="EventRate">Simulated transactions a second written beside it; 0 for none, and always none for a named node.</param>
/// <param name="Seconds">How long each run takes, in seconds.</param>
/// <param name="Probes">How many events are timed from POST /events until GET /features shows them; 0 for none.</param>
internal sealed record LatencyTestOptions(Uri? Node, string Oha, int ScoreRate, int EventRate, int Seconds, int Probes)
{
    /// <summary>The 95th percentile of POST /score must be below this, in milliseconds.</summary>
    public const double ScoreP95MillisMax = 150;

    /// <summary>Events a second that the node must at least apply.</summary>
    public const double EventsPerSecondMin = 5_000;

    /// <summary>An event must be visible within this time, in seconds.</summary>
    public const double FreshnessSecondsMax = 30;

    /// <summary>Events that the node may be behind the log.</summary>
    public const double LagEventsMax = 100;

    /// <summary>The repository's folder.</summary>
    public static string Root => Path.GetDirectoryName(Handbook.FindUp("akka.hocon"))!;

    /// <summary>Reads <c>key=value</c> arguments; throws <see cref="ArgumentException"/> with what is wrong and the way out.</summary>
    public static LatencyTestOptions Parse(IReadOnlyList<string> args)
    {
        var values = new Dictionary<string, string>
        {
            ["node"] = "",
            ["oha"] = "",
            ["rate"] = "1000",
            ["events"] = "6000",
            ["seconds"] = "20",
            ["probes"] = "200",
        };
        foreach (var arg in args)
        {
            var parts = arg.Split('=', 2);
            if (parts.Length != 2 || !values.ContainsKey(parts[0]))
            {
                throw new ArgumentException($"test-latency: '{arg}' is not an option; the options are {string.Join(", ", values.Keys.Select(key => key + "="))}");
            }

            values[parts[0]] = parts[1];
        }

        var node = values["node"].Length == 0 ? null : AddressOf(values["node"]);
        return new LatencyTestOptions(
            node, Find(values["oha"]), Number("rate", 1), node is null ? Number("events", 0) : 0, Number("seconds", 1), Number("probes", 0));

        int Number(string key, int least) => int.TryParse(values[key], out var number) && number >= least
            ? number
            : throw new ArgumentException($"test-latency: {key}={values[key]} is not a whole number from {least}");
    }

    private static Uri AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri!
        : throw new ArgumentException($"test-latency: node={text} is not an address such as http://127.0.0.1:8080");

    private static string Find(string named)
    {
        string[] places = named.Length > 0
            ? [named]
            : [
                .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "oha")),
                Path.Combine(Root, "..", "shared", "tools", "bin", "oha"),
            ];
        return Array.Find(places, File.Exists) ?? throw new ArgumentException(
            "test-latency: the load generator oha is not on the PATH; install it (cargo install oha, or brew install oha) or name it with oha=PATH");
    }
}
