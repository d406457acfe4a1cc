using Xunit.Abstractions;

namespace Streaming.EndToEnd.Tests;

/// <summary><see cref="LakeKill"/>, from the embedded log.</summary>
public sealed class LakeKillSpec(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-lake-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task A_lake_whose_export_is_killed_again_and_again_has_each_record_once() => new LakeKill(output, _folder, string.Empty).RunAsync();
}
