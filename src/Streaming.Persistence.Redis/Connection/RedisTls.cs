using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>Encrypted connections. Paths are of PEM files; empty for none.</summary>
/// <param name="AuthorityFile">Who signed the server's certificate; empty for those that the system trusts.</param>
/// <param name="CertificateFile">The client's own certificate.</param>
/// <param name="KeyFile">The private key to it.</param>
/// <param name="Host">The name in the server's certificate where it is not the one connected to.</param>
public sealed record RedisTls(string AuthorityFile = "", string CertificateFile = "", string KeyFile = "", string Host = "")
{
    internal void Apply(ConfigurationOptions options)
    {
        options.Ssl = true;
        options.SslHost = Host.Length > 0 ? Host : options.SslHost;
        if (AuthorityFile.Length > 0)
        {
            options.TrustIssuer(AuthorityFile);
        }

        if (CertificateFile.Length > 0)
        {
            options.SetUserPemCertificate(CertificateFile, KeyFile);
        }
    }
}
