// Hot: Send runs once per read.
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Streaming.Contracts.Events;
using Streaming.Engine.Entities;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// One run over a partition as a stream: read, decode, set aside what is wrong, deliver, wait until it is applied. Reads in flight
/// are bounded; an outage of log or registry holds the stream, it never ends it. Decoder and routers are the source's, so the next
/// run begins only after <see cref="RunAsync"/> ended: an earlier run that still decodes would spoil its watermark and its order.
/// </summary>
internal sealed class SourceRun
{
    private readonly EngineContext _context;
    private readonly TopicPartition _partition;
    private readonly SourceParts _parts;
    private readonly DeliveryRun _run;
    private readonly DeadLetterLedger _ledger;
    private readonly OutageHold _logAway;
    private readonly OutageHold _registryAway;
    private readonly OutageHold _deadLettersAway;
    private readonly long _countFrom;
    private long _nextOffset;
    private CancellationToken _stop;
    private IPartitionReader? _reader;
    private Task _reading = Task.CompletedTask;
    private Task _decoding = Task.CompletedTask;

    public SourceRun(EngineContext context, TopicPartition partition, SourceParts parts, DeliveryRun run, long fromOffset, DeadLetterLedger ledger, long countFrom)
    {
        _countFrom = countFrom;
        _context = context;
        _partition = partition;
        _parts = parts;
        _run = run;
        _nextOffset = fromOffset;
        _ledger = ledger;
        _logAway = new OutageHold("event log", context, run);
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

        try
        {
            await Reads().RunWith(Sink.ForEach<SourceProtocol.Applied>(applied => _run.Source.Tell(applied, Akka.Actor.ActorRefs.NoSender)), materializer);
        }
        finally
        {
            // A stage that fails ends the stream, not what an earlier stage has begun.
            await end.CancelAsync();
            await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await CloseAsync();
        }
    }

    // UnfoldResourceAsync would run on a dispatcher of its own, behind buffers of 16 reads each: beyond any bound that is set here.
    private Source<SourceProtocol.Applied, NotUsed> Reads() =>
        Source.UnfoldAsync<NotUsed, (RecordBatch, long)>(NotUsed.Instance, _ => Begin(ReadAsync(), ref _reading))
            .SelectAsync(1, read => Begin(DecodeAsync(read), ref _decoding))
            .Select(Send)
            .SelectAsync(_context.Settings.ReadsInFlight, AppliedAsync);

    private static Task<T> Begin<T>(Task<T> task, ref Task current)
    {
        current = task;
        return task;
    }

    private async Task<Option<(NotUsed, (RecordBatch, long))>> ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _reader ??= _context.Log.Read(_partition, _nextOffset);
                var records = await _reader.ReadAsync(_context.Settings.RecordsPerRead, _stop);
                _nextOffset = _reader.NextOffset;
                _logAway.Over();
                return Option<(NotUsed, (RecordBatch, long))>.Create((NotUsed.Instance, (records, _nextOffset)));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (EventLogException outage) when (outage.Retriable)
            {
                await CloseAsync();
                await WaitForLogAsync(outage);
            }
        }

        return Option<(NotUsed, (RecordBatch, long))>.None;
    }

    // A read at the log's end says nothing until an event comes; so the log is asked something that it answers at once.
    private async Task WaitForLogAsync(EventLogException outage)
    {
        for (EventLogException? cause = outage; cause is not null;)
        {
            await _logAway.WaitAsync(cause.Message, isLogAway: true, _stop);
            try
            {
                await _context.Log.EndOffsetAsync(_partition, _stop);
                cause = null;
            }
            catch (EventLogException again) when (again.Retriable)
            {
                cause = again;
            }
        }

        _logAway.Back();
    }

    private async Task CloseAsync()
    {
        if (_reader is { } reader)
        {
            _reader = null;
            await reader.DisposeAsync();
        }
    }

    private async Task<DecodedRead> DecodeAsync((RecordBatch Records, long NextOffset) read)
    {
        var records = read.Records;
        _parts.Schemas.BeginRead(isJudged: read.NextOffset <= _ledger.WrittenUntil);
        while (_parts.Decoder.MissingSchema(records) is { } schemaId)
        {
            while (await _parts.Schemas.LoadAsync(schemaId, _stop) is { } reason)
            {
                await _registryAway.WaitAsync(reason, isLogAway: false, _stop);
            }

            _registryAway.Over();
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
        while (DeadLetterWriter.ReasonOf(await _context.DeadLetters.PrepareAsync(_stop)) is { } reason)
        {
            await _registryAway.WaitAsync(reason, isLogAway: false, _stop);
        }

        _registryAway.Over();
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

        _deadLettersAway.Over();
        long[] poison = [.. due.Where(letter => letter.Reason == DeadLetterReason.Poison).Select(letter => letter.Offset)];
        _run.Source.Tell(new SourceProtocol.DeadLettersWritten(due.Count, untilOffset, poison, $"{due[0].Id}: {due[0].Detail}"), Akka.Actor.ActorRefs.NoSender);
    }

    // Every entity has applied it, and its dead letters are written.
    private void Release(DecodedRead decoded)
    {
        _reader?.Recycle(decoded.Records!);
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
        return (new SourceProtocol.Applied(_run, read, decoded.WatermarkMillis, decoded.NewestTimestamp, decoded.Events), decoded);
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
