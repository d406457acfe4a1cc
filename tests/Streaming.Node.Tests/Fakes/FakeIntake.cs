using System.Collections.Immutable;
using System.Text;
using Streaming.Ingest;

namespace Streaming.Node.Tests.Fakes;

/// <summary>Keeps what it is given.</summary>
internal sealed class FakeIntake : IEventIntake
{
    private int _waiting;

    public ImmutableArray<string> Topics => ["clicks", "labels", "transactions"];

    public List<string> Events { get; } = [];

    public Func<IntakeResult>? Answer { get; set; }

    public Exception? Failure { get; set; }

    /// <summary>Takes the events in this one's place.</summary>
    public IEventIntake? Real { get; set; }

    /// <summary>What an append waits for.</summary>
    public Task Waits { get; set; } = Task.CompletedTask;

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public async Task<IntakeResult> AppendAsync(string topic, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _waiting);
        await Waits;
        Interlocked.Decrement(ref _waiting);
        return await TakeAsync(topic, events, cancellation);
    }

    private Task<IntakeResult> TakeAsync(string topic, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellation)
    {
        lock (Events)
        {
            Events.AddRange(events.Select(json => Encoding.UTF8.GetString(json.Span)));
        }

        return Real is not null ? Real.AppendAsync(topic, events, cancellation)
            : Failure is not null
            ? Task.FromException<IntakeResult>(Failure)
            : Task.FromResult(Answer?.Invoke() ?? new IntakeResult.Appended([.. events.Select(_ => new AppendedEvent(2))]));
    }
}
