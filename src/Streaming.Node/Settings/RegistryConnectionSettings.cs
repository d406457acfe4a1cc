using System.Collections.Immutable;

namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.schema.registry</c>; without a URL the embedded registry is used.</summary>
public sealed record RegistryConnectionSettings(
    ImmutableArray<Uri> Urls, TimeSpan Timeout, Secret BasicAuth, string? CaFile, string? KeystoreFile, Secret KeystorePassword)
{
    internal static RegistryConnectionSettings Read(SettingsReader reader) => new(
        reader.Urls("streaming.schema.registry.url"),
        reader.Duration("streaming.schema.registry.timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        reader.Secret("streaming.schema.registry.basic-auth"),
        reader.ExistingFile("streaming.schema.registry.ca-file"),
        reader.ExistingFile("streaming.schema.registry.keystore-file"),
        reader.Secret("streaming.schema.registry.keystore-password"));
}
