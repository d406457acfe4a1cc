using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.http.tls</c>, read.</summary>
/// <param name="Certificate">The node's certificate with its key.</param>
/// <param name="Chain">All certificates of its file: those that lead from it to one that clients know.</param>
public sealed record HttpTlsSettings(X509Certificate2 Certificate, X509Certificate2Collection Chain)
{
    private const string CertificateFile = "streaming.http.tls.certificate-file";
    private const string KeyFile = "streaming.http.tls.key-file";

    /// <summary>Null if there is to be no TLS, and after a fault.</summary>
    internal static HttpTlsSettings? Read(SettingsReader reader)
    {
        var (certificate, key) = (reader.Text(CertificateFile, mayBeEmpty: true), reader.Text(KeyFile, mayBeEmpty: true));
        var password = reader.Secret("streaming.http.tls.key-password");
        if (certificate.Length == 0)
        {
            if (key.Length > 0)
            {
                reader.ReportFile(KeyFile, $"there is no {CertificateFile}, so HTTP would be without TLS; name the certificate too");
            }

            return null;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate);
            return new(Load(certificate, key.Length == 0 ? null : key, password), chain);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            reader.ReportFile(CertificateFile, e.Message);
            return null;
        }
    }

    private static X509Certificate2 Load(string certificate, string? key, Secret password) => password.IsSet
        ? X509Certificate2.CreateFromEncryptedPemFile(certificate, password.Reveal(), key)
        : X509Certificate2.CreateFromPemFile(certificate, key);
}
