using System.Runtime.CompilerServices;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;

namespace Streaming.Ingest.DeadLetters;

/// <summary>Reads the newest dead letters of a log; writes nothing, commits nothing.</summary>
public sealed class DeadLetterReader(IEventLog log, ISchemaRegistry registry)
{
    /// <summary>
    /// The reason of a record of the topic that is not a dead letter; never written, unlike those of <see cref="DeadLetterReason"/>.
    /// </summary>
    public const string Unreadable = "unreadable";

    private const int ReadRecords = 1_000;

    private readonly DeadLetterCodec _codec = new(registry);
    private readonly Dictionary<int, bool> _isRegistered = [];

    /// <summary>The newest first, by the timestamps of the events that were set aside; and how many the log has.</summary>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    public async Task<(IReadOnlyList<DeadLetter> Newest, long Total)> ReadAsync(int limit, CancellationToken cancellation)
    {
        var partitions = (await log.DescribeTopicAsync(EventSchemas.DeadLetters, cancellation))?.Partitions ?? 0;
        var (letters, total) = (new List<DeadLetter>(), 0L);
        for (var partition = 0; partition < partitions; partition++)
        {
            var from = new TopicPartition(EventSchemas.DeadLetters, partition);
            var (begin, end) = (await log.BeginningOffsetAsync(from, cancellation), await log.EndOffsetAsync(from, cancellation));
            total += end - begin;
            await ReadAsync(from, Math.Max(begin, end - limit), end, letters, cancellation);
        }

        List<DeadLetter> newest = [.. letters.OrderByDescending(letter => letter.Timestamp.Millis).Take(limit)];
        for (var i = 0; i < newest.Count; i++)
        {
            newest[i] = await WithRegistrationAsync(newest[i], cancellation);
        }

        return (newest, total);
    }

    /// <summary>The end of each partition of the topic; none where the topic is missing.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<IReadOnlyList<long>> EndsAsync(CancellationToken cancellation)
    {
        var ends = new long[(await log.DescribeTopicAsync(EventSchemas.DeadLetters, cancellation))?.Partitions ?? 0];
        for (var partition = 0; partition < ends.Length; partition++)
        {
            ends[partition] = await log.EndOffsetAsync(new TopicPartition(EventSchemas.DeadLetters, partition), cancellation);
        }

        return ends;
    }

    /// <summary>All dead letters that the log has now, in the order of each partition. One may come twice, under the same id.</summary>
    /// <param name="from">The offset to begin at in each partition; 0 where it has none.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async IAsyncEnumerable<DeadLetter> ReadAllAsync(
        IReadOnlyList<long> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ends = await EndsAsync(cancellation);
        for (var partition = 0; partition < ends.Count; partition++)
        {
            var place = new TopicPartition(EventSchemas.DeadLetters, partition);
            await using var reader = log.Read(place, from.ElementAtOrDefault(partition));
            while (reader.NextOffset < ends[partition])
            {
                var records = await reader.ReadAsync(ReadRecords, cancellation);
                for (var record = 0; record < records.Count; record++)
                {
                    yield return await _codec.ReadAsync(place, records, record, cancellation);
                }
            }
        }
    }

    // A dead letter stays in the topic even if its event counts later; only this note says so.
    private async Task<DeadLetter> WithRegistrationAsync(DeadLetter letter, CancellationToken cancellation)
    {
        if (letter is not { Reason: DeadLetterReason.UnknownSchema, SchemaId: { } schemaId })
        {
            return letter;
        }

        if (!_isRegistered.TryGetValue(schemaId, out var isRegistered))
        {
            isRegistered = await registry.GetByIdAsync(schemaId, cancellation) is RegistryResult<Avro.Schema>.Found;
            _isRegistered.Add(schemaId, isRegistered);
        }

        return isRegistered
            ? letter with
            {
                Detail = $"{letter.Detail}; its schema is registered now: 'streaming replay dlq' brings the event back",
            }
            : letter;
    }

    private async Task ReadAsync(TopicPartition partition, long from, long end, List<DeadLetter> into, CancellationToken cancellation)
    {
        await using var reader = log.Read(partition, from);
        while (reader.NextOffset < end)
        {
            var records = await reader.ReadAsync((int)Math.Min(int.MaxValue, end - reader.NextOffset), cancellation);
            for (var record = 0; record < records.Count; record++)
            {
                into.Add(await _codec.ReadAsync(partition, records, record, cancellation));
            }
        }
    }
}
