using System.Collections.Immutable;

namespace Streaming.Contracts.Registry;

/// <summary>The Confluent registry's URLs and credentials. ToString leaves out the passwords.</summary>
/// <param name="Urls"><c>schema.registry.url</c>: the same registry's nodes, tried one after the other; without user and password.</param>
/// <param name="User">The user of basic authentication, or null.</param>
/// <param name="Password">Its password.</param>
/// <param name="Timeout">What one request may take, over all URLs and connecting included; more than zero.</param>
public sealed record SchemaRegistrySettings(ImmutableArray<Uri> Urls, string? User, string? Password, TimeSpan Timeout)
{
    private const UriComponents Shown = UriComponents.SchemeAndServer | UriComponents.Path;

    /// <summary>A PEM file of the authorities that the registry's certificate is checked with; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>A PKCS#12 file with the client's certificate and key; null for none.</summary>
    public string? KeystoreFile { get; init; }

    /// <summary>The password of <see cref="KeystoreFile"/>.</summary>
    public string? KeystorePassword { get; init; }

    /// <summary>The URLs, for messages.</summary>
    public string Where => string.Join(", ", Urls.Select(url => url.GetComponents(Shown, UriFormat.UriEscaped)));

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Where} as {User ?? "no user"}, password {(Password is null ? "none" : "***")}, time-out {Timeout}";
}
