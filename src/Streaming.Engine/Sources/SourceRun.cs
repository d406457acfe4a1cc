// Hot: Send runs once per read.
using System.Diagnostics.CodeAnalysis;
using Akka.Streams;
using Akka.Streams.Dsl;
using Streaming.Contracts.Events;
using Streaming.Engine.Entities;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Log.Streams;

namespace Streaming.Engine.Sources;

/// <summary>
/// One run over a partition as a stream: read, decode, set aside what is wrong, deliver, wait until it is applied. Reads in flight
/// are bounded; an outage of log or registry holds the stream, it never ends it. Decoder and routers are the source's, so the next
/// run begins only after <see cref="RunAsync"/> ended: an earlier run that still decodes would spoil its order.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The stream disposes the reader, and RunAsync waits for that.")]
internal sealed class SourceRun
{
    private readonly EngineContext _context;
    private readonly SourceParts _parts;
    private readonly DeliveryRun _run;
    private readonly DeadLetterLedger _ledger;
    private readonly OutageHold _registryAway;
    private readonly OutageHold _deadLettersAway;
    private readonly long _countFrom;
    private readonly OutageTolerantReader _reader;
    private CancellationToken _stop;
    private Task<DecodedRead>? _decoding;

    public SourceRun(EngineContext context, TopicPartition partition, SourceParts parts, DeliveryRun run, long fromOffset, DeadLetterLedger ledger, long countFrom)
    {
        _countFrom = countFrom;
        _context = context;
        _parts = parts;
        _run = run;
        _ledger = ledger;
        _reader = new OutageTolerantReader(context.Log, partition, fromOffset, new OutageHold("event log", context, run));
        _registryAway = new OutageHold("schema registry", context, run);
        _deadLettersAway = new OutageHold("dead letters", context, run);
    }

    /// <summary>Reads until stopped or failed. After it the run has nothing under way and nothing open.</summary>
    public async Task RunAsync(IMaterializer materializer, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _stop = end.Token;
        _parts.Decoder.BeginRun(_ledger.Poison, _countFrom);
        foreach (var router in _parts.Routers)
        {
            router.BeginRun();
        }

        var applied = Sink.ForEach<SourceProtocol.Applied>(read => _run.Source.Tell(read, Akka.Actor.ActorRefs.NoSender));
        var (closed, ended) = Reads().ToMaterialized(applied, Keep.Both).Run(materializer);
        try
        {
            await ended;
        }
        finally
        {
            // A stage that fails ends the stream, not what an earlier stage has begun.
            await end.CancelAsync();
            await closed;
            if (_decoding is Task decoding)
            {
                await decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Source<SourceProtocol.Applied, Task> Reads() =>
        EventLogSource.Batches(_reader, _context.Settings.RecordsPerRead, _stop)
            .SelectAsync(1, read => _decoding = DecodeAsync(read))
            .Select(Send)
            .SelectAsync(_context.Settings.ReadsInFlight, AppliedAsync);

    private async Task<DecodedRead> DecodeAsync(PartitionRead read)
    {
        var records = read.Records;
        _parts.Schemas.BeginRead(isJudged: read.NextOffset <= _ledger.WrittenUntil);
        while (_parts.Decoder.MissingSchema(records) is { } schemaId)
        {
            while (await _parts.Schemas.LoadAsync(schemaId, _stop) is { } reason)
            {
                await _registryAway.WaitAsync(reason, isLogAway: false, _stop);
            }

            _registryAway.Succeeded();
        }

        var decoded = _parts.Decoder.Decode(records, read.NextOffset);
        if (decoded.DeadLetters.Count > 0 && decoded.DeadLetters.FindAll(_ledger.IsDue) is { Count: > 0 } due)
        {
            await WriteDeadLettersAsync(due, decoded.NextOffset);
        }

        return decoded;
    }

    private async Task WriteDeadLettersAsync(List<DeadLetter> due, long untilOffset)
    {
        while (ShippedSchemas.ReasonOf(await _context.DeadLetters.PrepareAsync(_stop)) is { } reason)
        {
            await _registryAway.WaitAsync(reason, isLogAway: false, _stop);
        }

        _registryAway.Succeeded();
        for (var written = false; !written;)
        {
            try
            {
                await _context.DeadLetters.AppendAsync(due, _stop);
                written = true;
            }
            catch (EventLogException failure)
            {
                // Also a mistake holds: it may be mended outside, and to read all again would meet the same one.
                await _deadLettersAway.WaitAsync(failure.Message, failure.Retriable, _stop);
            }
        }

        _deadLettersAway.Succeeded();
        long[] poison = [.. due.Where(letter => letter.Reason == DeadLetterReason.Poison).Select(letter => letter.Offset)];
        var first = due.Find(letter => letter.Reason == DeadLetterReason.Unexpected) ?? due[0];
        var unexpected = due.Count(letter => letter.Reason == DeadLetterReason.Unexpected);
        _run.Source.Tell(new SourceProtocol.DeadLettersWritten(due.Count, untilOffset, poison, unexpected, $"{first.Id}: {first.Detail}"), Akka.Actor.ActorRefs.NoSender);
    }

    // Every entity has applied it, and its dead letters are written.
    private void Release(DecodedRead decoded)
    {
        _reader.Recycle(decoded.Records!);
        _parts.Decoder.Release(decoded);
    }

    private (SourceProtocol.Applied Applied, DecodedRead Decoded) Send(DecodedRead decoded)
    {
        var read = new ReadInFlight(decoded.NextOffset);
        foreach (var router in _parts.Routers)
        {
            router.Send(decoded, _run, read);
        }

        read.Sent();
        return (new SourceProtocol.Applied(_run, read, decoded.Facts), decoded);
    }

    private async Task<SourceProtocol.Applied> AppliedAsync((SourceProtocol.Applied Applied, DecodedRead Decoded) sent)
    {
        var timeout = _context.Settings.DeliveryTimeout;
        try
        {
            await sent.Applied.Read.Done.WaitAsync(timeout, _context.Time, _stop);
            Release(sent.Decoded);
            return sent.Applied;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"entities did not apply all events before offset {sent.Applied.Read.NextOffset} within {timeout}: one lost a delivery, or streaming.engine.delivery-timeout is too short");
        }
    }
}

/// <summary>What all runs of one source share, one after the other.</summary>
internal sealed record SourceParts(ReadDecoder Decoder, SchemaDecoders Schemas, IReadOnlyList<FeedRouter> Routers);
