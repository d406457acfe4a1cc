using System.Globalization;
using Streaming.Scoring.Registry;

namespace Streaming.Offline.MLflow;

/// <summary>How to reach an MLflow server, from the variables that MLflow's own client reads.</summary>
public sealed record MlflowSettings
{
    /// <summary>Names the server; where it is not set there is none.</summary>
    public const string UriVariable = "MLFLOW_TRACKING_URI";

    private const string Prefix = "MLFLOW_TRACKING_";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>The server, with a '/' at its end.</summary>
    public required Uri Server { get; init; }

    /// <summary>The user, for HTTP's basic authentication; empty for none. It goes before the token, as in MLflow.</summary>
    public string Username { get; init; } = "";

    /// <summary>The password.</summary>
    public string Password { private get; init; } = "";

    /// <summary>A bearer's token; empty for none.</summary>
    public string Token { private get; init; } = "";

    /// <summary>Whether the server's certificate is not checked.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>A PEM file of the authorities that the server's certificate is checked with; empty for the system's.</summary>
    public string ServerCertificates { get; init; } = "";

    /// <summary>A PEM file with the client's certificate and its key; empty for none.</summary>
    public string ClientCertificate { get; init; } = "";

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = s_timeout;

    /// <summary>Reads the variables; null where none names a server.</summary>
    /// <exception cref="RegistryException">One of them is wrong.</exception>
    public static MlflowSettings? Read(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string Of(string name) => environment(Prefix + name) ?? "";
        if (environment(UriVariable) is not { Length: > 0 } uri)
        {
            return null;
        }

        var settings = new MlflowSettings
        {
            Server = ServerOf(uri),
            Username = Of("USERNAME"),
            Password = Of("PASSWORD"),
            Token = Of("TOKEN"),
            IsInsecure = FlagOf(Prefix + "INSECURE_TLS", Of("INSECURE_TLS")),
            ServerCertificates = Of("SERVER_CERT_PATH"),
            ClientCertificate = Of("CLIENT_CERT_PATH"),
            Timeout = TimeoutOf(environment("MLFLOW_HTTP_REQUEST_TIMEOUT") ?? ""),
        };
        return settings.IsInsecure && settings.ServerCertificates.Length > 0
            ? throw Wrong($"{Prefix}INSECURE_TLS and {Prefix}SERVER_CERT_PATH are both set; unset one")
            : settings;
    }

    /// <summary>The value of the header Authorization; null for none.</summary>
    internal (string Scheme, string Value)? Authorization() =>
        Username.Length > 0 ? ("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Username}:{Password}")))
        : Token.Length > 0 ? ("Bearer", Token)
        : null;

    private static Uri ServerOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/")
            : throw Wrong(
                $"{UriVariable} is not the URL of a server, such as http://localhost:5000 (user and password go into {Prefix}USERNAME " +
                $"and {Prefix}PASSWORD); unset it to use the folder streaming.models.registry");

    private static bool FlagOf(string name, string text) => text.ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" or "" => false,
        _ => throw Wrong($"{name} is '{text}', expected true or false"),
    };

    private static TimeSpan TimeoutOf(string text) =>
        text.Length == 0 ? s_timeout
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3_600
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong($"MLFLOW_HTTP_REQUEST_TIMEOUT is '{text}', expected 1 to 3600 seconds");

    private static RegistryException Wrong(string text) => new(RegistryFault.Invalid, text);

    /// <summary>The server; never what it is asked with.</summary>
    public override string ToString() => $"MLflow at {Server}";
}
