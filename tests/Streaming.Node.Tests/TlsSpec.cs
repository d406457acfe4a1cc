using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class TlsSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_node_with_a_certificate_scores_over_both_versions_of_http(string version)
    {
        await using var node = await TestNode.StartAsync(Settings());
        using var trusting = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, found, _, _) => found!.Subject == "CN=localhost" };
        using var client = new HttpClient(trusting)
        {
            BaseAddress = node.Client.BaseAddress,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (path, body) in new[] { ("/score", """{"card_id":"c","amount":1}"""), ("/score/batch", $"[{new string(' ', 900_000)}]") })
        {
            using var answer = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Equal((HttpStatusCode.OK, Version.Parse(version)), (answer.StatusCode, answer.Version));
        }
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_a_fault_with_file_line_and_key()
    {
        var file = _folder["none.pem"];
        var fault = Assert.Throws<InvalidOperationException>(() => TestNode.Settings($"http.tls.certificate-file = \"{file}\""));
        Assert.Contains("CF006 test.conf:2:", fault.Message, StringComparison.Ordinal);
        Assert.Contains("streaming.http.tls.certificate-file names", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_without_a_certificate_is_a_fault()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => TestNode.Settings("http.tls.key-file = \"other.key\""));
        Assert.Contains("streaming.http.tls.key-file names", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_of_another_certificate_is_said_to_be_one(bool isOtherKind)
    {
        Settings();
        using AsymmetricAlgorithm other = isOtherKind ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_folder["other.key"], other.ExportPkcs8PrivateKeyPem());
        var fault = Assert.Throws<InvalidOperationException>(() => TestNode.Settings($"http.tls {{ certificate-file = \"{_folder["node.pem"]}\", key-file = \"{_folder["other.key"]}\" }}")).Message;
        Assert.Contains($"streaming.http.tls.key-file names \"{_folder["other.key"]}\", which cannot be used: ", fault, StringComparison.Ordinal);
        Assert.Contains($"it does not belong to the certificate in streaming.http.tls.certificate-file, {_folder["node.pem"]}", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_certificate_in_the_certificates_file_is_said_to_be_one()
    {
        Settings();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.AppendAllText(_folder["node.pem"], "\n" + other.ExportPkcs8PrivateKeyPem());
        var fault = Assert.Throws<InvalidOperationException>(() => TestNode.Settings($"http.tls.certificate-file = \"{_folder["node.pem"]}\"")).Message;
        Assert.Contains("the key in it does not belong to its first certificate", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_holds_none_is_the_one_that_is_blamed()
    {
        Settings();
        File.WriteAllText(_folder["other.key"], "nothing");
        foreach (var file in new[] { "other.key", "none.key" })
        {
            var fault = Assert.Throws<InvalidOperationException>(() => TestNode.Settings($"http.tls {{ certificate-file = \"{_folder["node.pem"]}\", key-file = \"{_folder[file]}\" }}")).Message;
            Assert.Contains($"streaming.http.tls.key-file names \"{_folder[file]}\", which cannot be", fault, StringComparison.Ordinal);
            Assert.DoesNotContain("does not belong", fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_key_password_is_not_taken_from_the_file()
    {
        var fault = Assert.Throws<InvalidOperationException>(() => TestNode.Settings("http.tls.key-password = \"secret\""));
        Assert.Contains("CF005 test.conf:2:", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\"secret\"", fault.Message, StringComparison.Ordinal);
    }

    private string Settings()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        var (file, keyFile) = (_folder["node.pem"], _folder["node.key"]);
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return $"http.tls {{ certificate-file = \"{file}\", key-file = \"{keyFile}\" }}";
    }
}
