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

        return LoadChain(reader, certificate) is { Count: > 0 } chain
            && Load(reader, certificate, key.Length == 0 ? certificate : key, password) is { } loaded
            ? new(loaded, chain)
            : null;
    }

    private static X509Certificate2Collection? LoadChain(SettingsReader reader, string file) => Try(
        () =>
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            return chain.Count > 0 ? chain : throw new CryptographicException("it holds no certificate in PEM");
        },
        fault => reader.ReportFile(CertificateFile, fault));

    private static X509Certificate2? Load(SettingsReader reader, string certificate, string key, Secret password)
    {
        var keySetting = key == certificate ? CertificateFile : KeyFile;
        return Try(
            () => password.IsSet
                ? X509Certificate2.CreateFromEncryptedPemFile(certificate, password.Reveal(), key)
                : X509Certificate2.CreateFromPemFile(certificate, key),
            fault => reader.ReportFile(
                keySetting,
                !IsKey(key, password) ? fault
                    : keySetting == KeyFile ? $"it does not belong to the certificate in {CertificateFile}, {certificate}; name its own key"
                    : $"the key in it does not belong to its first certificate; put that certificate first, or name its key in {KeyFile}"));
    }

    private static T? Try<T>(Func<T> read, Action<string> report)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            report(e.Message);
            return null;
        }
    }

    /// <summary>Whether a file holds a private key that can be read, whichever certificate it belongs to.</summary>
    private static bool IsKey(string file, Secret password)
    {
        using var rsa = RSA.Create();
        using var curve = ECDsa.Create();
        return Imports(rsa, file, password) || Imports(curve, file, password);
    }

    private static bool Imports(AsymmetricAlgorithm algorithm, string file, Secret password) => Try(
        () =>
        {
            // Only the sections of keys: a certificate beside them holds a public key.
            var pem = string.Join('\n', Sections(File.ReadAllText(file)).Where(section => section.Contains("PRIVATE KEY", StringComparison.Ordinal)));
            if (password.IsSet)
            {
                algorithm.ImportFromEncryptedPem(pem, password.Reveal());
            }
            else
            {
                algorithm.ImportFromPem(pem);
            }

            return algorithm;
        },
        static _ => { }) is not null;

    private static IEnumerable<string> Sections(string pem)
    {
        for (var at = 0; PemEncoding.TryFind(pem.AsSpan(at), out var found); at += found.Location.End.Value)
        {
            yield return pem.Substring(at + found.Location.Start.Value, found.Location.End.Value - found.Location.Start.Value);
        }
    }
}
