using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Streaming.Engine.Tests;

/// <summary>
/// A certificate authority that this process trusts as a node trusts its operator's: SSL_CERT_FILE names it. OpenSSL reads that variable
/// once and from the environment of C, which .NET's own setter does not change.
/// </summary>
internal static partial class TestAuthority
{
    private static readonly DateTimeOffset s_from = DateTimeOffset.UnixEpoch;
    private static readonly X509Certificate2 s_trusted = Create("trusted");
    private static readonly X509Certificate2 s_foreign = Create("foreign");

    /// <summary>Why tests that need the authority are skipped; null where they run.</summary>
    public static string? SkipReason => OperatingSystem.IsLinux() ? null : "SSL_CERT_FILE is OpenSSL's";

    [ModuleInitializer]
    internal static void Trust()
    {
        if (SkipReason is null)
        {
            var file = Path.GetTempFileName();
            File.WriteAllText(file, s_trusted.ExportCertificatePem());
            AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
            Assert.Equal(0, SetEnvironment("SSL_CERT_FILE", file, overwrite: 1));
        }
    }

    /// <summary>A certificate with its key, of this authority or of one that nobody trusts.</summary>
    public static X509Certificate2 Issue(bool trusted)
    {
        using var key = RSA.Create(2048);
        var issuer = trusted ? s_trusted : s_foreign;
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(issuer, s_from, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Create(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(s_from, s_from.AddYears(200));
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
