using System.Runtime.Versioning;

namespace Streaming.Log.Tests.Kafka;

/// <summary>A run without the real broker must not look like one with it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RealBrokerSpec : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("streaming-home-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task Files_that_start_no_broker_fail_the_tests_and_say_what_the_script_said()
    {
        Script("kafka-start", "echo no java here >&2; exit 1");
        Script("kafka-stop", "exit 0");
        var broker = new Broker(_home.FullName);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(broker.InitializeAsync);
        Assert.Contains("no java here", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_files_the_tests_are_skipped()
    {
        var broker = new Broker(_home.FullName);
        await broker.InitializeAsync();
        Assert.StartsWith("No Kafka broker to start", broker.SkipReason, StringComparison.Ordinal);
    }

    private void Script(string name, string body)
    {
        var file = Path.Combine(_home.CreateSubdirectory("bin").FullName, name);
        File.WriteAllText(file, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private sealed class Broker(string home) : RealBroker
    {
        protected override bool MayBeNamed => false;

        protected override IEnumerable<string> Candidates() => [home];
    }
}
