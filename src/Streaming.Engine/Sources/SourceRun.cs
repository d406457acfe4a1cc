// Hot: Send runs once per read.
using System.Diagnostics.CodeAnalysis;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using Streaming.Engine.Deliveries;
using Streaming.Log;
using Streaming.Log.Streams;

namespace Streaming.Engine.Sources;

/// <summary>
/// One run over a partition as a stream: read, decode, write dead letters, deliver, wait until all is applied. Reads in flight are
/// bounded; an outage of log or registry pauses the stream and never ends it. All runs of a source share its decoder and routers, so
/// the next run begins only after <see cref="RunAsync"/> ended: an earlier run that still decodes would break its order.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The stream disposes the reader, and RunAsync waits for that.")]
internal sealed class SourceRun
{
    private readonly SourceParts _parts;
    private readonly DeliveryRun _run;
    private readonly DeadLetterLedger _ledger;
    private readonly DependencyRetry _registryRetry;
    private readonly RunDeadLetters _deadLetters;
    private readonly long _countFrom;
    private readonly OpenReads _open;
    private readonly OutageTolerantReader _reader;
    private CancellationToken _stop;
    private Task<DecodedRead>? _decoding;
    private TimeoutException? _late;

    public SourceRun(
        SourceParts parts, TopicPartition partition, DeliveryRun run, DeadLetterLedger ledger, long countFrom, OpenReads open)
    {
        _parts = parts;
        _run = run;
        _ledger = ledger;
        _countFrom = countFrom;
        _open = open;
        _reader = new OutageTolerantReader(parts.Log, partition, run.Start.Offset, Retry("event log"));
        _registryRetry = Retry("schema registry");
        _deadLetters = new RunDeadLetters(parts.DeadLetters, run, _registryRetry, Retry("dead letters"));
    }

    /// <summary>Reads until stopped or failed. When it returns, the run has no work in progress and no open reader.</summary>
    public async Task RunAsync(IMaterializer materializer, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _stop = end.Token;
        _parts.Decoder.BeginRun(_ledger.Poison, _countFrom, _ledger.Settled);
        foreach (var router in _parts.Routers)
        {
            router.BeginRun();
        }

        var applied = Sink.ForEach<SourceProtocol.Applied>(read => _run.Source.Tell(read, Akka.Actor.ActorRefs.NoSender));
        var (closed, ended) = Reads().ToMaterialized(applied, Keep.Both).Run(materializer);
        try
        {
            await ended;
            if (_late is not null)
            {
                throw _late;
            }
        }
        finally
        {
            // A stage that fails ends the stream, but not the work that an earlier stage has begun.
            await end.CancelAsync();
            await closed;
            if (_decoding is Task decoding)
            {
                await decoding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private DependencyRetry Retry(string dependency) => new(dependency, _parts.Settings, _parts.Time, _run);

    private Source<SourceProtocol.Applied, Task> Reads() =>
        EventLogSource.Batches(_reader, _parts.Settings.RecordsPerRead, _stop)
            .SelectAsync(1, read => UnlessStoppedAsync(_decoding = DecodeAsync(read)))
            .TakeWhile(static decoded => decoded.HasValue)
            .Select(decoded => Send(decoded.Value))
            .SelectAsync(_parts.Settings.ReadsInFlight, sent => UnlessStoppedAsync(AppliedAsync(sent)))
            .TakeWhile(static applied => applied.HasValue)
            .Select(static applied => applied.Value);

    // The stage would log a failure, with its stack: to be stopped is none, and a late delivery is told by the source. The first result
    // that is missing ends the stream.
    private async Task<Option<T>> UnlessStoppedAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return Option<T>.None;
        }
        catch (TimeoutException) when (_late is not null)
        {
            return Option<T>.None;
        }
    }

    private async Task<DecodedRead> DecodeAsync(PartitionRead read)
    {
        var records = read.Records;
        await _parts.Residency.RoomAsync(_parts.Time, _stop);
        _parts.Schemas.BeginRead(isJudged: read.NextOffset <= _ledger.WrittenUntil);
        while (_parts.Decoder.MissingSchema(records) is { } schemaId)
        {
            while (await _parts.Schemas.LoadAsync(schemaId, _stop) is { } reason)
            {
                await _registryRetry.WaitAsync(reason, isLogOutage: false, _stop);
            }

            _registryRetry.Succeeded();
        }

        var decoded = _parts.Decoder.Decode(records, read.NextOffset);
        if (decoded.DeadLetters.Count > 0 && decoded.DeadLetters.FindAll(_ledger.IsDue) is { Count: > 0 } due)
        {
            await _deadLetters.WriteAsync(due, decoded.NextOffset, _stop);
        }

        return decoded;
    }

    // Every entity has applied it, and its dead letters are written.
    private void Release(DecodedRead decoded)
    {
        _reader.Recycle(decoded.Records!);
        _parts.Decoder.Release(decoded);
    }

    private (SourceProtocol.Applied Applied, DecodedRead Decoded) Send(DecodedRead decoded)
    {
        var read = _open.Open(decoded.NextOffset);
        foreach (var router in _parts.Routers)
        {
            router.Send(decoded, _run, read);
        }

        read.Sent();
        return (new SourceProtocol.Applied(_run, read, decoded.Facts), decoded);
    }

    private async Task<SourceProtocol.Applied> AppliedAsync((SourceProtocol.Applied Applied, DecodedRead Decoded) sent)
    {
        var timeout = _parts.Settings.DeliveryTimeout;
        try
        {
            await sent.Applied.Read.Done.WaitAsync(timeout, _parts.Time, _stop);
            _open.Close(sent.Applied.Read);
            Release(sent.Decoded);
            return sent.Applied;
        }
        catch (TimeoutException)
        {
            throw _late ??= new TimeoutException(
                $"entities did not apply all events before offset {sent.Applied.Read.NextOffset} within {timeout}: "
                + "one lost a delivery, or streaming.engine.delivery-timeout is too short");
        }
    }
}
