using Microsoft.Extensions.Time.Testing;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Tests;

/// <summary>The seed beside a node never ends without a word.</summary>
public sealed class SeedSupervisorSpec : IDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly SharedText _notes = new();
    private int _begun;

    public void Dispose() => _notes.Dispose();

    public static TheoryData<Exception> Outages() => new(new EventLogException("the broker is away", retriable: true), new IngestException(IngestFailure.RegistryAway, "the registry is away"));

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task An_outage_is_noted_and_the_seed_begins_again(Exception outage)
    {
        var seed = Seed(outage).RunAsync(CancellationToken.None);
        Assert.Contains($"seed: {outage.Message}; trying again in 5 s", _notes.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _begun);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await seed;
        Assert.Equal(2, _begun);
    }

    [Fact]
    public async Task Anything_else_is_noted_at_once()
    {
        var seed = Seed(new IngestException(IngestFailure.SchemaRefused, "the registry refuses the schema")).RunAsync(CancellationToken.None);
        Assert.Contains("seed: the registry refuses the schema; no more simulated events are written", _notes.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<IngestException>(() => seed);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        var seed = Seed(new IngestException(IngestFailure.RegistryAway, "the registry is away")).RunAsync(stop.Token);
        await stop.CancelAsync();
        await seed;
        Assert.Equal(1, _begun);
    }

    private SeedSupervisor Seed(Exception first) => new(
        () => _begun++ == 0 ? Task.FromException(first) : Task.CompletedTask,
        _notes.WriteLine,
        _clock);
}
