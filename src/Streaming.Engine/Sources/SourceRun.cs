// Hot: Send runs once per read.
using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Akka.Util;
using Streaming.Engine.Entities;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// One run over a partition as a stream: read, decode, set aside what is wrong, deliver, wait until it is applied. Reads in flight
/// are bounded; an outage of log or registry holds the stream, it never ends it.
/// </summary>
internal sealed class SourceRun
{
    private readonly EngineContext _context;
    private readonly TopicPartition _partition;
    private readonly ReadDecoder _decoder;
    private readonly SchemaDecoders _schemas;
    private readonly IReadOnlyList<FeedRouter> _routers;
    private readonly IReadOnlyDictionary<long, string> _poison;
    private readonly DeliveryRun _run;
    private readonly long _deadLettersFrom;
    private readonly CancellationToken _stop;
    private long _nextOffset;
    private IPartitionReader? _reader;

    public SourceRun(
        EngineContext context, TopicPartition partition, SourceParts parts, DeliveryRun run, long fromOffset, long deadLettersFrom, CancellationToken stop)
    {
        _context = context;
        _partition = partition;
        _decoder = parts.Decoder;
        _schemas = parts.Schemas;
        _routers = parts.Routers;
        _poison = parts.Poison;
        _run = run;
        _nextOffset = fromOffset;
        _deadLettersFrom = deadLettersFrom;
        _stop = stop;
        _decoder.Reset();
        foreach (var router in _routers)
        {
            router.BeginRun();
        }
    }

    /// <summary>The stream; each element is a read that is applied.</summary>
    public Source<SourceProtocol.Applied, NotUsed> Reads()
    {
        var timeout = _context.Settings.DeliveryTimeout;
        return Source
            .UnfoldResourceAsync(() => Task.FromResult(NotUsed.Instance), _ => ReadAsync(), _ => CloseAsync())
            .SelectAsync(1, DecodeAsync)
            .Select(Send)
            .SelectAsync(_context.Settings.ReadsInFlight, async sent =>
            {
                await sent.Read.Done.WaitAsync(timeout, _context.Time, _stop);
                return sent;
            });
    }

    private async Task<Option<RecordBatch>> ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _reader ??= _context.Log.Read(_partition, _nextOffset);
                var records = await _reader.ReadAsync(_context.Settings.RecordsPerRead, _stop);
                _nextOffset = records.Offsets[records.Count - 1] + 1;
                return records;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (EventLogException outage) when (outage.Retriable)
            {
                await CloseAsync();
                await HoldAsync(outage.Message, _ => Task.FromResult<string?>(null));
            }
        }

        return Option<RecordBatch>.None;
    }

    private async Task<Done> CloseAsync()
    {
        if (_reader is { } reader)
        {
            _reader = null;
            await reader.DisposeAsync();
        }

        return Done.Instance;
    }

    private async Task<DecodedRead> DecodeAsync(RecordBatch records)
    {
        _schemas.ForgetUnknown();
        while (_decoder.MissingSchema(records) is { } schemaId)
        {
            if (await _schemas.LoadAsync(schemaId, _stop) is { } reason)
            {
                await HoldAsync($"schema registry: {reason}", stop => _schemas.LoadAsync(schemaId, stop));
            }
        }

        var decoded = _decoder.Decode(records, _poison);
        var fresh = decoded.DeadLetters.FindAll(letter => letter.Offset >= _deadLettersFrom);
        if (fresh.Count > 0)
        {
            await WriteDeadLettersAsync(fresh);
        }

        return decoded;
    }

    private async Task WriteDeadLettersAsync(List<Contracts.Events.DeadLetter> deadLetters)
    {
        try
        {
            await _context.DeadLetters.AppendAsync(deadLetters, _stop);
        }
        catch (EventLogException outage) when (outage.Retriable)
        {
            await HoldAsync(outage.Message, _ => Task.FromResult<string?>(null));
            await WriteDeadLettersAsync(deadLetters);
        }
    }

    private SourceProtocol.Applied Send(DecodedRead decoded)
    {
        var read = new ReadInFlight(decoded.NextOffset, decoded.Records, decoded.DeadLetters.Count);
        foreach (var router in _routers)
        {
            router.Send(decoded, _run, read);
        }

        read.Sent();
        return new SourceProtocol.Applied(_run.Number, read, decoded.WatermarkMillis);
    }

    // Waits, longer each time, until a try finds nothing wrong.
    private async Task HoldAsync(string reason, Func<CancellationToken, Task<string?>> retry)
    {
        var backoff = _context.Settings.RetryBackoff;
        for (var cause = reason; cause is not null; cause = await retry(_stop))
        {
            _run.Source.Tell(new SourceProtocol.Outage(_run.Number, cause));
            await Task.Delay(backoff, _context.Time, _stop);
            backoff = backoff + backoff < _context.Settings.RetryBackoffMax ? backoff + backoff : _context.Settings.RetryBackoffMax;
        }

        _run.Source.Tell(new SourceProtocol.Outage(_run.Number, null));
    }
}

/// <summary>What all runs of one source share.</summary>
internal sealed record SourceParts(ReadDecoder Decoder, SchemaDecoders Schemas, IReadOnlyList<FeedRouter> Routers, IReadOnlyDictionary<long, string> Poison);
