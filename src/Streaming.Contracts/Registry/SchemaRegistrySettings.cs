namespace Streaming.Contracts.Registry;

/// <summary>Where the Confluent registry is and how to get in. Prints itself without the password.</summary>
/// <param name="Url"><c>schema.registry.url</c>; https means TLS with the system's trust.</param>
/// <param name="User">The user of basic authentication, or null.</param>
/// <param name="Password">Its password.</param>
/// <param name="Timeout">What one request may take, connecting included; more than zero.</param>
public sealed record SchemaRegistrySettings(Uri Url, string? User, string? Password, TimeSpan Timeout)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Url.GetLeftPart(UriPartial.Path)} as {User ?? "nobody"}, password {(Password is null ? "none" : "***")}, time-out {Timeout}";
}
