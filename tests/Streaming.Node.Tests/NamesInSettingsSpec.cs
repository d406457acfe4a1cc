using Streaming.Node.Settings;

namespace Streaming.Node.Tests;

/// <summary>Hosts, origins and files that settings name, and that nothing would ever match or find.</summary>
public sealed class NamesInSettingsSpec
{
    [Theory]
    [InlineData("hosts", "https://scores.example.com", "; write \"scores.example.com\"")]
    [InlineData("hosts", "scores.example.com:8080", "; write \"scores.example.com\"")]
    [InlineData("hosts", "scores.example.com/score", "; write \"scores.example.com\"")]
    [InlineData("hosts", "scores.example.com.", "; write \"scores.example.com\"")]
    [InlineData("hosts", "::1", "; write \"[::1]\"")]
    [InlineData("hosts", "a.example b.example", "")]
    [InlineData("hosts", "*.example.com", "")]
    [InlineData("hosts", "schön.example", "; write \"xn--schn-7qa.example\"")]
    [InlineData("hosts", "", "")]
    [InlineData("origins", "https://shop.example.com/", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "https://shop.example.com/cart?x=1", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "https://shop.example.com:443", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "shop.example.com", "; write \"https://shop.example.com\"")]
    [InlineData("origins", "ftp://shop.example.com", "")]
    [InlineData("origins", "*", "")]
    [InlineData("origins", "null", "")]
    [InlineData("origins", "https://a.example https://b.example", "")]
    [InlineData("origins", "", "")]
    public void A_host_or_origin_that_no_request_has_is_refused_with_how_to_write_it(string key, string word, string hint)
    {
        var good = key == "hosts" ? "a.example" : "https://a.example";
        var (_, faults) = NodeSettings.Create(Configured($"streaming.http.{key} = \"{good}, {word}, {good}\""));
        var fault = Assert.Single(faults).ToString();
        Assert.StartsWith($"CF003 akka.hocon:1:{19 + key.Length} streaming.http.{key} is \"{word}\", expected ", fault, StringComparison.Ordinal);
        Assert.EndsWith(hint, fault, StringComparison.Ordinal);
        Assert.Equal(hint.Length > 0, fault.Contains("; write \"", StringComparison.Ordinal));
    }

    [Fact]
    public void Hosts_and_origins_as_browsers_send_them_are_taken()
    {
        var http = Settings("streaming.http { hosts = \"scores.example.com, 10.0.0.7, [2001:db8::1], my_host, *\", origins = \"https://shop.example.com, http://localhost:3000, http://[::1]:81\" }").Http;
        Assert.Equal((5, 3), (http.Hosts.Length, http.Origins.Length));
        Assert.Equal((0, 0), (Settings("streaming.http { hosts = \" \" }").Http.Hosts.Length, Settings(string.Empty).Http.Origins.Length));
    }

    [Theory]
    [InlineData("ssl.ca.location")]
    [InlineData("ssl.certificate.location")]
    [InlineData("ssl.key.location")]
    [InlineData("ssl.keystore.location")]
    [InlineData("ssl.crl.location")]
    public void A_file_of_librdkafka_that_is_not_there_is_said_to_be_missing(string name) => Assert.Equal(
        $"CF006 akka.hocon:1:{name.Length + 35} streaming.kafka.properties.\"{name}\" names \"/none/x.pem\", which cannot be read: there is no such file",
        Assert.Single(NodeSettings.Create(Configured($"streaming.kafka.properties {{ \"{name}\" = \"/none/x.pem\" }}")).Faults).ToString());

    [Fact]
    public void A_folder_of_authorities_is_taken_as_librdkafka_takes_it() =>
        Assert.Equal("/", Settings("streaming.kafka.properties { \"ssl.ca.location\" = \"/\" }").Kafka.Properties["ssl.ca.location"]);

    private static NodeSettings Settings(string file)
    {
        var (settings, faults) = NodeSettings.Create(Configured(file));
        return settings ?? throw new InvalidOperationException(string.Join('\n', faults));
    }

    private static Configuration Configured(string file) => new(NodeSettings.References.Insert(0, ("akka.hocon", file)), _ => null);
}
