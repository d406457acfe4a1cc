using Xunit.Abstractions;

namespace Streaming.EndToEnd.Tests;

/// <summary><see cref="LakeKill"/>, from a real broker.</summary>
public sealed class KafkaLakeKillSpec(OwnBroker broker, ITestOutputHelper output) : IClassFixture<OwnBroker>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-lake-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public async Task A_lake_whose_export_is_killed_again_and_again_has_each_record_of_a_broker_once()
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        await new LakeKill(output, _folder, $"kafka.bootstrap.servers = \"{broker.Bootstrap}\"").RunAsync();
    }
}
