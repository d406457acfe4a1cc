using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Remoting;
using Streaming.Engine.Shards;
using Streaming.Engine.Sources;
using Streaming.Engine.Wire;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>Sources and entities of the transactions on a real log, without a cluster: a test may break what lies between them.</summary>
internal sealed class SourceHarness : IAsyncDisposable
{
    private const int LooksUntilStuck = 40;

    private readonly EmbeddedEventLog _embedded;
    private readonly ActorSystem _system;
    private readonly Dictionary<string, IActorRef> _regions;
    private readonly EntityTable _entities;
    private readonly OpenQueries _queries = new();
    private readonly SourceDirectory _directory;
    private readonly OutageLog _outages;
    private readonly SourceFactory _factory;
    private readonly FeatureCatalog _catalog;
    private readonly SourcePlan _plan;
    private readonly List<IActorRef> _sources = [];
    private long _seen = -1;
    private int _looks;

    private SourceHarness(
        EmbeddedEventLog embedded,
        FaultyLog log,
        FaultyRegistry registry,
        Events events,
        DeadLetterWriter deadLetters,
        MemoryStore store,
        HarnessOptions options)
    {
        (Settings, _catalog, var time, var lines, var bytes) = options;
        _plan = SourcePlan.For(_catalog, Settings.FutureTolerance, Settings.RecordNames).Single();
        _embedded = embedded;
        Log = log;
        Registry = registry;
        Events = events;
        _system = StartSystem(lines, bytes, new WireSetup(_catalog.Entities, _queries));
        _system.ActorOf(QueryAnswers.Props(_queries));
        _entities = new EntityTable(
            _catalog.Entities, Settings.Shards, new Residency(Settings.MemoryEntitiesMax, Settings.MemoryBytesMax, Settings.RestAfter, TimeProvider.System), Settings.DirectDelivery);
        _directory = new SourceDirectory(Board);
        _outages = new OutageLog(_system, Settings.CommitInterval, time);
        var turns = _system.ActorOf(FlushTurns.Props(
            Settings.CheckpointInterval, Settings.DeliveryTimeout, () => true, _entities.Residency, Board.ReportStore, TimeProvider.System));
        var heard = new ShardExchange.Heard();
        var exchange = Settings.DirectDelivery ? ActorRefs.Nobody : _system.ActorOf(ShardExchange.Props(_entities, Board, heard, Settings.CommitInterval));
        var keepers = new KeeperParts(
            new MemoryShardSlots(store), 1, Settings.RetryBackoff, turns, Settings.DirectDelivery ? Board.Runs : () => [.. heard.Progress.Values], static () => long.MinValue, () => exchange.Tell(ShardExchange.Say.Instance), _directory, static (_, _) => { });
        _regions = _entities.Types.ToDictionary(
            type => type.Plan.Name,
            type => type.Region = _system.ActorOf(StandInRegion.Props(type, keepers, _directory, Faults)));
        _system.ActorOf(MissedMessages.Props(_entities, _directory));
        var starter = new SourceStarter(Board, static () => ActorRefs.Nobody);
        _factory = new SourceFactory(
            Settings,
            new SourceClients(log, registry, deadLetters, new MemoryShardSlots(store)),
            new SourceServices(Board, _outages, _directory, starter),
            feed => (_entities[feed.Entity], _regions[feed.Entity.Name]),
            _entities.Residency,
            time);
    }

    public static EngineSettings Quick { get; } = new()
    {
        RecordsPerRead = 100,
        ReadsInFlight = 3,
        DeliveryTimeout = TimeSpan.FromSeconds(20),
        ReadTimeout = TimeSpan.FromSeconds(5),
        StateTimeout = TimeSpan.FromSeconds(5),
        RetryBackoff = TimeSpan.FromMilliseconds(20),
        RetryBackoffMax = TimeSpan.FromMilliseconds(200),
        UnknownSchemaWait = TimeSpan.FromMilliseconds(50),
        FutureTolerance = TimeSpan.FromMinutes(10),
        StaleEvents = 1000,
        StaleAfter = TimeSpan.FromSeconds(20),
        CommitInterval = TimeSpan.FromMilliseconds(50),
        Shards = 8,
        CheckpointInterval = TimeSpan.FromMilliseconds(50),
        MemoryEntitiesMax = 1_000_000,
        MemoryBytesMax = 1L << 30,
        RestAfter = TimeSpan.FromDays(1),
        ForgetAfter = TimeSpan.FromDays(3650),
        ConsumerGroup = "streaming",
        Remoting = RemotingMode.Off,
        DirectDelivery = true,
        FrameBytes = 3_000,
        Partitions = ImmutableSortedDictionary<string, int>.Empty.Add("transactions", 4).Add("labels", 4).Add("dead-letters", 1),
    };

    /// <summary>No snapshot is written: a restart reads the log from its beginning, and knows its ledgers.</summary>
    public static EngineSettings Unflushed { get; } = Quick with { CheckpointInterval = TimeSpan.FromHours(1) };

    public FaultyLog Log { get; }

    public FaultyRegistry Registry { get; }

    public Events Events { get; }

    public EngineSettings Settings { get; }

    public SourcePlan Plan => _plan;

    public RegionFaults Faults { get; } = new();

    public SourceBoard Board { get; } = new();

    /// <summary>Partition 0, where raw events go.</summary>
    public PartitionStatus First =>
        Board.All.Count > 0 ? Board.All[0] : new(default, 0, 0, EventTime.None, PartitionState.CatchingUp, null, 0, 0);

    public static async Task<SourceHarness> CreateAsync(
        TempFolder folder, EngineSettings settings, FeatureCatalog? catalog = null, TimeProvider? time = null, CapturedLog? lines = null, MemoryStore? store = null, bool bytes = false)
    {
        var embedded = EmbeddedEventLog.Open(new EmbeddedLogSettings(folder["log.db"]));
        var (log, registry) = (new FaultyLog(embedded), new FaultyRegistry(new EmbeddedSchemaRegistry(folder["registry"])));
        foreach (var (topic, partitions) in settings.Partitions)
        {
            await log.CreateTopicAsync(topic, partitions, CancellationToken.None);
        }

        var deadLetters = new DeadLetterWriter(log, new ShippedSchemas(registry), TimeProvider.System);
        var options = new HarnessOptions(settings, catalog ?? TestFeatures.Catalog, time ?? TimeProvider.System, lines, bytes);
        return new SourceHarness(embedded, log, registry, await Events.CreateAsync(log, registry), deadLetters, store ?? new MemoryStore(), options);
    }

    /// <summary>The decoders of another partition's source.</summary>
    public SchemaDecoders NewSchemas() => _factory.Schemas(_plan, new KnownSchemas());

    public void Start()
    {
        Board.Expect(Settings.Partitions["transactions"]);
        for (var partition = 0; partition < Settings.Partitions["transactions"]; partition++)
        {
            _sources.Add(_system.ActorOf(_factory.Props(_plan, partition)));
        }
    }

    /// <summary>Waits until the log as it is now is applied.</summary>
    public async Task CaughtUpAsync()
    {
        var ends = await EndsAsync();
        await Eventually.TrueAsync("caught up", () => IsAt(ends), () => string.Join(Environment.NewLine, Board.All));
    }

    /// <summary>Where the log ends now.</summary>
    public async Task<Dictionary<TopicPartition, long>> EndsAsync()
    {
        var ends = new Dictionary<TopicPartition, long>();
        for (var partition = 0; partition < Settings.Partitions["transactions"]; partition++)
        {
            var place = new TopicPartition("transactions", partition);
            ends[place] = await _embedded.EndOffsetAsync(place, CancellationToken.None);
        }

        return ends;
    }

    /// <summary>Whether all before these ends is applied.</summary>
    public bool IsAt(Dictionary<TopicPartition, long> ends) =>
        Board.IsCaughtUp && Board.All.All(source => source.NextOffset == ends[source.Partition]);

    /// <summary>Whether no source has moved although this was asked often.</summary>
    public bool IsStuck()
    {
        var now = Board.All.Sum(source => source.NextOffset);
        _looks = now == _seen ? _looks + 1 : 0;
        _seen = now;
        return _looks > LooksUntilStuck;
    }

    public EntityHandle? Find(string entity, string key) =>
        _entities[_catalog.FindEntity(entity)!].Directory.TryGet(Encoding.UTF8.GetBytes(key), out var handle) ? handle : null;

    /// <summary>All features of an entity, in its turn; null when it is not there.</summary>
    public async Task<FeatureValue[]?> ReadAsync(string entity, string key, long at)
    {
        if (Find(entity, key) is not { } handle)
        {
            return null;
        }

        var values = new FeatureValue[handle.State.Plan.AllFeatures.OutputLength];
        var query = new ReadEntity(handle.State.Plan.AllFeatures, handle.Key, at, null, 0, values);
        handle.Actor.Tell(query);
        try
        {
            return await query.Reply.WaitAsync(TimeSpan.FromSeconds(2)) == ReadOutcome.Done ? values : null;
        }
        catch (TimeoutException)
        {
            // The entity was stopped meanwhile: it is not there.
            return null;
        }
    }

    /// <summary>Delivers what a test held back.</summary>
    public void Deliver(Delivery delivery) => _regions[delivery.Feed.Entity.Name].Tell(new StandInRegion.Released(delivery));

    /// <summary>An actor that reports its messages and forwards them.</summary>
    public IActorRef Listen(Action<object> received, IActorRef? next = null) =>
        _system.ActorOf(Props.Create(() => new Listener(received, next ?? ActorRefs.Nobody)));

    /// <summary>Calls back before a source hears that an entity is lost.</summary>
    public void BeforeLost(Action lost)
    {
        for (var partition = 0; partition < _sources.Count; partition++)
        {
            _directory.Add(new TopicPartition("transactions", partition), Listen(message => lost(), _sources[partition]));
        }
    }

    /// <summary>The first difference from the features that nested loops over the log find; null when there is none.</summary>
    public async Task<string?> DiffersAsync(NaiveFeatures naive)
    {
        var keys = naive.Cards.Select(key => (Entity: "card", Key: key))
            .Concat(naive.Terminals.Select(key => (Entity: "terminal", Key: key)));
        foreach (var (entity, key) in keys)
        {
            var values = await ReadAsync(entity, key, naive.At);
            var difference = values is null
                ? $"{entity} {key} is not there"
                : naive.Differs(TestFeatures.Catalog.FindEntity(entity)!, key, values);
            if (difference is not null)
            {
                return difference;
            }
        }

        return null;
    }

    /// <summary>As <see cref="DiffersAsync"/>, also of what is not in memory.</summary>
    public Task<string?> DiffersFromStoredAsync(NaiveFeatures naive) =>
        naive.DiffersAsync(
            _catalog, new EntityReader(_entities, _queries, Settings.ReadTimeout, new(Settings.StateTimeout, TimeProvider.System), TimeProvider.System).ReadAsync);

    public async Task<NaiveFeatures> NaiveAsync() => new(await Events.ReadAsync<Transaction>(_embedded, EventSchemas.Transactions));

    public async Task<List<DeadLetter>> DeadLettersAsync() =>
        [.. (await Events.ReadAsync<DeadLetter>(_embedded, EventSchemas.DeadLetters)).Select(each => each.Event)];

    public Task StopSourcesAsync() => _directory.StopAsync(TimeSpan.FromSeconds(5));

    public async ValueTask DisposeAsync()
    {
        await StopSourcesAsync();
        _outages.Dispose();
        Assert.Equal(0, Log.OpenReaders);
        await _system.Terminate();
        await _embedded.DisposeAsync();
    }

    private static ActorSystem StartSystem(CapturedLog? lines, bool bytes, WireSetup wire)
    {
        var config = ConfigurationFactory.ParseString($"""
            akka.loglevel = {(lines is null ? "OFF" : "WARNING")}
            akka.stdout-loglevel = OFF
            akka.actor.provider = local
            akka.actor.serialize-messages = {(bytes ? "on" : "off")}
            """);
        var setup = BootstrapSetup.Create().WithConfig(config.WithFallback(StreamingEngine.ReferenceConfig));
        return ActorSystem.Create("test", setup.And(wire).And(new LoggerFactorySetup((ILoggerFactory?)lines ?? NullLoggerFactory.Instance)));
    }

    private sealed record HarnessOptions(EngineSettings Settings, FeatureCatalog Catalog, TimeProvider Time, CapturedLog? Lines, bool Bytes);

    private sealed class Listener(Action<object> received, IActorRef next) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            received(message);
            next.Forward(message);
        }
    }
}
