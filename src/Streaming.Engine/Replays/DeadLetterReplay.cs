using System.Runtime.CompilerServices;
using Streaming.Contracts.Events;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Appends the events of dead letters to their topic again, each once however often this runs or is killed. An event that would be a
/// dead letter again is left alone. One process at a time; the caller holds the lease.
/// </summary>
public sealed class DeadLetterReplay(ReplayServices services)
{
    private const int ChunkLetters = 1_000;

    private readonly DeadLetterReader _reader = new(services.Log, services.Registry);
    private readonly ReplayLedger _ledger = new(services.Log);
    private readonly LetterRecords _records = new(services.Log);

    /// <summary>Replays, and says what became of each dead letter, one for each event.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="isDry">Whether to write nothing.</param>
    /// <param name="cancellation">Ends it; what was written stays, and the next call goes on.</param>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async IAsyncEnumerable<ReplayedLetter> RunAsync(
        ReplayFilter filter, bool isDry, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await _ledger.LoadAsync(cancellation);
        var (seen, chunk) = (new HashSet<EventPlace>(), new List<DeadLetter>());
        await foreach (var letter in _reader.ReadAllAsync([], cancellation))
        {
            if (filter.Takes(letter) && seen.Add(OriginOf(letter)))
            {
                chunk.Add(letter);
            }

            if (chunk.Count == ChunkLetters)
            {
                foreach (var done in await RunAsync(chunk, filter.IsAgain, isDry, cancellation))
                {
                    yield return done;
                }

                chunk = [];
            }
        }

        foreach (var done in await RunAsync(chunk, filter.IsAgain, isDry, cancellation))
        {
            yield return done;
        }
    }

    private static EventPlace OriginOf(DeadLetter letter) => new(letter.Topic, letter.Partition, letter.Offset);

    private static ReplayedLetter Of(DeadLetter letter, ReplayOutcome outcome, EventPlace? at = null, string detail = "") =>
        new(OriginOf(letter), letter.Reason, outcome, at, detail);

    private async Task<List<ReplayedLetter>> RunAsync(
        List<DeadLetter> chunk, bool isAgain, bool isDry, CancellationToken cancellation)
    {
        var done = new List<ReplayedLetter>();
        foreach (var letters in chunk.GroupBy(letter => OriginOf(letter).InPartition))
        {
            done.AddRange(await RunAsync(letters.Key, [.. letters.OrderBy(letter => letter.Offset)], isAgain, isDry, cancellation));
        }

        return done;
    }

    private async Task<IEnumerable<ReplayedLetter>> RunAsync(
        TopicPartition to, List<DeadLetter> letters, bool isAgain, bool isDry, CancellationToken cancellation)
    {
        var done = letters.Select(letter => WithoutLook(letter, isAgain)).ToArray();
        var now = services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var (records, good) = (new RecordBatch(), new List<int>());
        var open = Enumerable.Range(0, done.Length).Where(i => done[i] is null).ToList();
        if (open.Count == 0)
        {
            return done!;
        }

        var faults = await _records.FillAsync(to, [.. open.Select(i => letters[i])], records, now, cancellation);
        var judged = await JudgeAsync(to, records, cancellation);
        var kept = new RecordBatch();
        for (int i = 0, record = 0; i < open.Count; i++)
        {
            if (faults[i] is { } fault)
            {
                done[open[i]] = Of(letters[open[i]], ReplayOutcome.Skipped, null, fault);
            }
            else if (judged.TryGetValue(record, out var bad) && _ledger[OriginOf(letters[open[i]])] is null)
            {
                done[open[i]] = Of(letters[open[i]], ReplayOutcome.StillBad, null, $"{bad.Reason}: {bad.Detail}");
                record++;
            }
            else
            {
                LetterRecords.Copy(records, record++, kept);
                good.Add(open[i]);
            }
        }

        await EnterAsync(to, letters, good, kept, now, isDry, done, cancellation);
        return done!;
    }

    private async Task EnterAsync(
        TopicPartition to,
        List<DeadLetter> letters,
        List<int> good,
        RecordBatch records,
        long now,
        bool isDry,
        ReplayedLetter?[] done,
        CancellationToken cancellation)
    {
        if (good.Count == 0)
        {
            return;
        }

        var origins = good.Select(i => OriginOf(letters[i])).ToList();
        var offsets = isDry ? null : await new Reentry(services.Log, _ledger).EnterAsync(to, origins, records, now, cancellation);
        for (var i = 0; i < good.Count; i++)
        {
            done[good[i]] = offsets is null
                ? Of(letters[good[i]], ReplayOutcome.WouldReplay)
                : Of(letters[good[i]], ReplayOutcome.Replayed, origins[i] with { Offset = offsets[i] });
        }
    }

    // What needs no look at the event.
    private ReplayedLetter? WithoutLook(DeadLetter letter, bool isAgain)
    {
        var origin = OriginOf(letter);
        if (letter.Reason == DeadLetterReader.Unreadable)
        {
            return Of(letter, ReplayOutcome.Skipped, null, letter.Detail);
        }

        if (_ledger[origin] is { At: { } at })
        {
            return Of(letter, ReplayOutcome.AlreadyReplayed, origin with { Offset = at });
        }

        // One that was begun is ended: it may be in the log.
        if (!isAgain && _ledger.OriginOf(origin) is { } first && _ledger[origin] is null)
        {
            return Of(letter, ReplayOutcome.Skipped, null, $"it is the replay of {first}, which the node set aside again: make the node's "
                + "settings and definitions those of this command, and then use --again");
        }

        if (letter.Reason == DeadLetterReason.Poison)
        {
            const string Poison = "other entities may have counted it, so it stays where it is: once the cause is mended, "
                + "'streaming replay from beginning' brings it in";
            return Of(letter, ReplayOutcome.Skipped, null, Poison);
        }

        return services.PlanOf(letter.Topic) is null
            ? Of(letter, ReplayOutcome.Skipped, null, $"no feature view reads {letter.Topic}")
            : null;
    }

    private async Task<Dictionary<int, DeadLetter>> JudgeAsync(TopicPartition to, RecordBatch records, CancellationToken cancellation)
    {
        var read = await new RecordJudge(services, services.PlanOf(to.Topic)!, to.Partition)
            .DecodeAsync(records, records.Count, cancellation);
        return read.DeadLetters.ToDictionary(letter => int.CreateChecked(letter.Offset));
    }
}
