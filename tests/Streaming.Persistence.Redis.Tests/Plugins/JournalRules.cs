using System.Collections.Immutable;
using Akka.Persistence;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Tests.Plugins;

/// <summary>The rules of JournalSpec of the Akka.Persistence TCK, which is not served as a package. Each test has an id of its own.</summary>
public abstract class JournalRules : IAsyncLifetime, IAsyncDisposable
{
    private readonly string _id = $"p-{Guid.NewGuid():N}";
    private PluginSystem? _system;

    protected virtual string? SkipReason => null;

    protected abstract string Connection { get; }

    /// <summary>What comes before each key of an id: on a Cluster, its hash tag.</summary>
    protected virtual string Tag(string id) => "";

    private PluginSystem Plugins => _system!;

    public async Task InitializeAsync()
    {
        if (SkipReason is null)
        {
            _system = new PluginSystem(Connection);

            // Single events, and two in one atomic write.
            await WriteAsync([Event(1)], [Event(2)], [Event(3)], [Event(4), Event(5)]);
        }
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    [SkippableTheory]
    [InlineData(1, long.MaxValue, long.MaxValue, 1, 5)] // all
    [InlineData(0, long.MaxValue, long.MaxValue, 1, 5)]
    [InlineData(3, long.MaxValue, long.MaxValue, 3, 5)] // a lower bound
    [InlineData(1, 3, long.MaxValue, 1, 3)] // an upper bound
    [InlineData(1, long.MaxValue, 3, 1, 3)] // a limit
    [InlineData(2, 3, long.MaxValue, 2, 3)] // both bounds
    [InlineData(2, 5, 2, 2, 3)] // both bounds and a limit
    [InlineData(2, 2, long.MaxValue, 2, 2)] // equal bounds
    [InlineData(2, 4, 1, 2, 2)] // a limit of one
    [InlineData(2, 4, 0, 1, 0)] // a limit of none
    [InlineData(3, 2, long.MaxValue, 1, 0)] // bounds that cross
    public async Task A_replay_has_the_events_within_its_bounds_and_limit(long from, long to, long limit, int first, int last)
    {
        Skip.If(SkipReason is not null, SkipReason);
        Assert.Equal(Numbers(first, last), await ReplayAsync(from, to, limit));
    }

    [SkippableFact]
    public async Task An_id_without_events_replays_none_and_has_the_highest_number_0()
    {
        Skip.If(SkipReason is not null, SkipReason);
        Plugins.TellJournal(new ReplayMessages(0, long.MaxValue, long.MaxValue, "never", Plugins.Self));
        Assert.Equal(0, (await Plugins.ReceiveAsync<RecoverySuccess>()).HighestSequenceNr);
    }

    [SkippableTheory]
    [InlineData(3)]
    [InlineData(long.MaxValue)]
    public async Task Deleted_events_are_not_replayed_and_the_highest_number_stays(long upTo)
    {
        Skip.If(SkipReason is not null, SkipReason);
        Plugins.TellJournal(new DeleteMessagesTo(_id, upTo, Plugins.Self));
        Assert.Equal(upTo, (await Plugins.ReceiveAsync<DeleteMessagesSuccess>()).ToSequenceNr);
        Assert.Equal(upTo == 3 ? [4L, 5L] : [], await ReplayAsync(0, long.MaxValue, long.MaxValue));
    }

    [SkippableFact]
    public async Task An_event_is_written_and_read_by_its_own_serializer()
    {
        Skip.If(SkipReason is not null, SkipReason);
        var payload = new TestPayload(Plugins.Self);
        await WriteAsync([Event(6, payload)]);
        Plugins.TellJournal(new ReplayMessages(6, long.MaxValue, long.MaxValue, _id, Plugins.Self));
        var persistent = (await Plugins.ReceiveAsync<ReplayedMessage>()).Persistent;
        Assert.Equal((payload, 6L, _id, "writer"), (persistent.Payload, persistent.SequenceNr, persistent.PersistenceId, persistent.WriterGuid));
        Assert.Equal(6, (await Plugins.ReceiveAsync<RecoverySuccess>()).HighestSequenceNr);
    }

    [SkippableFact]
    public async Task An_event_that_cannot_be_written_is_rejected_with_its_whole_write_and_the_others_are_not()
    {
        Skip.If(SkipReason is not null, SkipReason);
        Plugins.TellJournal(new WriteMessages([Write(Event(6)), Write(Event(7), Event(8, new TestPayload(null)))], Plugins.Self, 1));
        await Plugins.ReceiveAsync<WriteMessagesSuccessful>();
        await Plugins.ReceiveAsync<WriteMessageSuccess>();
        Assert.Equal(7, (await Plugins.ReceiveAsync<WriteMessageRejected>()).Persistent.SequenceNr);
        Assert.Contains("cannot be written", (await Plugins.ReceiveAsync<WriteMessageRejected>()).Cause.Message, StringComparison.Ordinal);
        Assert.Equal(Numbers(1, 6), await ReplayAsync(1, long.MaxValue, long.MaxValue, highest: 6));
    }

    [SkippableFact]
    public async Task A_number_that_is_written_again_has_the_later_event_alone()
    {
        Skip.If(SkipReason is not null, SkipReason);
        await WriteAsync([Event(5, "again")]);
        Plugins.TellJournal(new ReplayMessages(5, 5, long.MaxValue, _id, Plugins.Self));
        Assert.Equal("again", (await Plugins.ReceiveAsync<ReplayedMessage>()).Persistent.Payload);
        await Plugins.ReceiveAsync<RecoverySuccess>();
    }

    [SkippableFact]
    public async Task A_long_history_is_replayed_in_order()
    {
        Skip.If(SkipReason is not null, SkipReason);
        const int last = 1_307;
        await WriteAsync([.. Enumerable.Range(6, last - 5).Select(number => Event(number))]);
        Assert.Equal(Numbers(1, last), await ReplayAsync(1, long.MaxValue, long.MaxValue, last));
        Assert.Equal(Numbers(3, 1_002), await ReplayAsync(3, long.MaxValue, 1_000, last));
    }

    /// <summary>Bytes in the store are read by Akka.Persistence.Redis, and the other way round.</summary>
    [SkippableFact]
    public async Task Keys_are_those_of_Akka_Persistence_Redis()
    {
        Skip.If(SkipReason is not null, SkipReason);
        await using var client = await ConnectionMultiplexer.ConnectAsync(Connection);
        var events = await client.GetDatabase().SortedSetRangeByScoreWithScoresAsync($"{Tag(_id)}journal:persisted:{_id}");
        Assert.Equal(Numbers(1, 5), events.Select(entry => (long)entry.Score));
        Assert.Equal("5", await client.GetDatabase().StringGetAsync($"{Tag(_id)}journal:persisted:{_id}:highestSequenceNr"));
    }

    private static IEnumerable<long> Numbers(int first, int last) => Enumerable.Range(first, Math.Max(0, last - first + 1)).Select(number => (long)number);

    private static AtomicWrite Write(params IPersistentRepresentation[] events) => new(events.ToImmutableList());

    private Persistent Event(long number, object? payload = null) => new(payload ?? $"a-{number}", number, _id, writerGuid: "writer");

    private async Task WriteAsync(params Persistent[][] writes)
    {
        Plugins.TellJournal(new WriteMessages([.. writes.Select(Write)], Plugins.Self, 1));
        await Plugins.ReceiveAsync<WriteMessagesSuccessful>();
        foreach (var number in writes.SelectMany(write => write).Select(persistent => persistent.SequenceNr))
        {
            Assert.Equal(number, (await Plugins.ReceiveAsync<WriteMessageSuccess>()).Persistent.SequenceNr);
        }
    }

    private async Task<List<long>> ReplayAsync(long from, long to, long limit, long highest = 5)
    {
        Plugins.TellJournal(new ReplayMessages(from, to, limit, _id, Plugins.Self));
        var numbers = new List<long>();
        while (true)
        {
            switch (await Plugins.ReceiveAnyAsync())
            {
                case ReplayedMessage { Persistent: var persistent }:
                    Assert.Equal($"a-{persistent.SequenceNr}", persistent.Payload);
                    numbers.Add(persistent.SequenceNr);
                    break;
                case RecoverySuccess success:
                    Assert.Equal(highest, success.HighestSequenceNr);
                    return numbers;
                case var other:
                    Assert.Fail($"met {other}");
                    break;
            }
        }
    }
}
