using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Engine.Wire;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Tests.Wire;

/// <summary>The messages that may leave a node, as bytes. A golden file that is red is another version of the layout.</summary>
public sealed class WireSpec : IAsyncDisposable
{
    private static readonly string s_golden = Path.Combine(RepositoryRoot.Path, "tests/Streaming.Engine.Tests/Wire/golden.txt");
    private static readonly Comparer<Type> s_byName = Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.FullName, b.FullName));
    private readonly WireMessages _messages = new();

    public ValueTask DisposeAsync() => _messages.DisposeAsync();

    [Fact]
    public void The_bytes_of_each_kind_stay_as_they_are()
    {
        var lines = _messages.All.Select(each => $"{each.Name} = {_messages.Serializer.Manifest(each.Message)} "
            + Convert.ToHexStringLower(_messages.Serializer.ToBinary(each.Message))).ToList();
        if (Environment.GetEnvironmentVariable("STREAMING_RENEW_GOLDEN") == "1")
        {
            File.WriteAllLines(s_golden, lines);
        }

        Assert.Equal(File.ReadAllLines(s_golden), lines);
        Assert.Equal(7101, _messages.Serializer.Identifier);
    }

    [Fact]
    public void Every_kind_has_its_golden_bytes_and_survives_them()
    {
        Assert.Equal(
            WireSerializer.Codecs.Select(codec => codec.Manifest).Order(),
            _messages.All.Select(each => _messages.Serializer.Manifest(each.Message)).Distinct().Order());
        foreach (var (name, message) in _messages.All)
        {
            var bytes = _messages.Serializer.ToBinary(message);
            var copy = _messages.Serializer.FromBinary(bytes, _messages.Serializer.Manifest(message));
            Assert.True(bytes.AsSpan().SequenceEqual(_messages.Serializer.ToBinary(copy)), name);
        }
    }

    /// <summary>A message either has bytes or says that it stays in its process.</summary>
    [Fact]
    public void Every_message_is_of_one_sort()
    {
        var codecs = WireSerializer.Codecs.SelectMany(codec => codec.Types).ToHashSet();
        var types = typeof(StreamingEngine).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false }).ToList();
        Assert.Equal(codecs.Order(s_byName), types.Where(type => type.IsAssignableTo(typeof(IWireMessage))).Order(s_byName));
        Assert.DoesNotContain(codecs, type => type.IsAssignableTo(typeof(INoSerializationVerificationNeeded)));
        var protocols = types.SelectMany(type => type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic))
            .Where(type => type.IsClass && type.DeclaringType!.Name.EndsWith("Protocol", StringComparison.Ordinal) && !type.Name.StartsWith('<'));
        Assert.All(protocols, type => Assert.True(
            type.IsAssignableTo(typeof(IWireMessage)) || type.IsAssignableTo(typeof(INoSerializationVerificationNeeded)), type.Name));
    }

    [Fact]
    public void A_delivery_takes_its_own_rows_and_the_columns_of_its_feed()
    {
        var bundle = _messages.Bundle();
        var copy = (DeliveryBundle)_messages.Copy(bundle);
        var (sent, came) = (bundle.Deliveries[0], copy.Deliveries[0]);

        Assert.Equal((bundle.Shard, bundle.Deliveries.Count), (copy.Shard, copy.Deliveries.Count));
        var second = copy.Deliveries[1];
        Assert.Equal(("d", -1), (Encoding.UTF8.GetString(second.Key), second.PreviousOffset));
        Assert.Equal([110L], second.Rows.Select(row => second.Batch.Offsets[row]));
        Assert.Equal(
            (sent.PreviousOffset, sent.Number, sent.Read.Number, sent.IsMissed, sent.Feed),
            (came.PreviousOffset, came.Number, came.Read.Number, came.IsMissed, came.Feed));
        Assert.Equal((sent.Run.Id, sent.Run.Source), (came.Run.Id, came.Run.Source));
        var (shard, stamp) = sent.Run.Basis.Of("card", sent.Key);
        Assert.Equal((stamp, null), (came.Run.Basis["card", shard], came.Run.Basis["card", 1 - shard]));
        Assert.Same(came.Run, ((DeliveryBundle)_messages.Copy(bundle)).Deliveries[1].Run);
        Assert.Equal(sent.Key, came.Key);
        Assert.Equal((3, 2), (came.Batch.Count, came.Batch.Partition));
        Assert.Equal([100L, 120], came.Rows.Select(row => came.Batch.Offsets[row]));
        var columns = new FeedColumns(sent.Feed);
        Assert.Equal(
            columns.Fields.Select(field => sent.Batch.Source.Fields[field].Name),
            Enumerable.Range(0, sent.Batch.Source.Fields.Length).Where(field => came.Batch[field] is not null)
                .Select(field => sent.Batch.Source.Fields[field].Name));
        Assert.DoesNotContain(sent.Batch.Source.IndexOf("card_id"), columns.Fields);

        // And so it has the same effect.
        var (ours, theirs) = (new EntityState(WireMessages.Card), new EntityState(WireMessages.Card));
        Assert.Equal(ours.Apply(sent.Feed, sent.Batch, sent.Rows), theirs.Apply(came.Feed, came.Batch, came.Rows));
        Assert.Equal(StateBytes.ToArray(ours), StateBytes.ToArray(theirs));
    }

    [Fact]
    public void The_bytes_of_rows_are_known_before_they_are_written()
    {
        var one = _messages.Delivery();
        var first = new Delivery(one.Key, one.PreviousOffset, one.Run, one.Read, one.Number, one.Feed, one.Batch, new([0]));
        var columns = new FeedColumns(one.Feed);
        Assert.Equal(
            columns.RowBytes(one.Batch, 2),
            _messages.Serializer.ToBinary(new DeliveryBundle(0, [one])).Length - _messages.Serializer.ToBinary(new DeliveryBundle(0, [first])).Length);
    }

    [Fact]
    public async Task A_read_is_answered_from_afar_as_at_home()
    {
        var state = new EntityState(WireMessages.Card);
        var delivery = _messages.Delivery();
        state.Apply(delivery.Feed, delivery.Batch, delivery.Rows);
        var plan = WireMessages.Card.AllFeatures;
        var expected = new FeatureValue[plan.OutputLength];
        var at = 1_704_067_200_500;
        Assert.Equal(ReadOutcome.Done, state.Read(plan, at, delivery.Batch, 1, expected));

        var values = new FeatureValue[plan.OutputLength];
        var query = new ReadEntity(plan, "c"u8.ToArray(), at, delivery.Batch, 1, values);
        var sent = (SentQuery)_messages.Copy(query);
        Assert.Equal((query.Number, 1), (sent.Number, _messages.Queries.Count));
        var remote = new FeatureValue[sent.Plan.OutputLength];
        var outcome = state.Read(sent.Plan, sent.AtMillis, sent.Request, sent.Row, remote);
        _messages.Queries.Take((EntityAnswer)_messages.Copy(new EntityAnswer(sent.Number, outcome, remote, null)));

        Assert.Equal(ReadOutcome.Done, await query.Reply);
        Assert.Equal(expected, values);
        Assert.Equal(0, _messages.Queries.Count);
    }

    [Fact]
    public void A_query_that_was_withdrawn_before_it_left_waits_for_nothing()
    {
        var query = new ReadEntity(WireMessages.Card.AllFeatures, [1], 0, null, 0, default);
        Assert.True(query.TryAbandon());
        _messages.Copy(query);
        Assert.Equal(0, _messages.Queries.Count);
    }

    [Fact]
    public void A_confirmation_that_comes_twice_counts_once()
    {
        var read = new ReadInFlight(1, 9);
        Assert.Equal((0, 2), (read.Expect(2), read.Expect(1)));
        read.Sent();
        read.ConfirmOnce(new DeliveryConfirmed(default, 1, 0, 2, 1, 0));
        read.ConfirmOnce(new DeliveryConfirmed(default, 1, 0, 2, 1, 0));
        Assert.False(read.Done.IsCompleted);
        read.ConfirmOnce(new DeliveryConfirmed(default, 1, 2, 1, 0, 0));
        Assert.True(read.Done.IsCompletedSuccessfully);
        Assert.Equal(1, read.Late);
    }

    [Fact]
    public async Task A_bundle_is_confirmed_by_one_message()
    {
        var confirmed = new TaskCompletionSource<DeliveryConfirmed>();
        var source = _messages.System.ActorOf(Props.Create(() => new Ear(confirmed)));
        var receipt = new SentReceipt(new DeliveryRun(source, _messages.Run.Id, default, RunBasis.None), 42, 6, 2);
        receipt.Confirm(6, 1, 0);
        receipt.Confirm(7, 2, 5);
        Assert.Equal(new DeliveryConfirmed(_messages.Run.Id, 42, 6, 2, 3, 5), await confirmed.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Another_version_and_an_unknown_kind_are_refused_with_the_way_out()
    {
        var bytes = _messages.Serializer.ToBinary(new EntityLost("card/****1"));
        bytes[0] = 9;
        var version = Assert.Throws<SerializationException>(() => _messages.Serializer.FromBinary(bytes, "lost"));
        Assert.Equal(
            "the message lost has version 9, and this node reads version 1; run the same release on all nodes", version.Message);
        var kind = Assert.Throws<SerializationException>(() => _messages.Serializer.FromBinary(bytes, "found"));
        Assert.Equal("this node has no message found; run the same release on all nodes", kind.Message);
    }

    [Fact]
    public void Damaged_bytes_are_an_error_and_nothing_worse()
    {
        var random = new Random(5);
        foreach (var (name, message) in _messages.All)
        {
            var (bytes, manifest) = (_messages.Serializer.ToBinary(message), _messages.Serializer.Manifest(message));
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<SerializationException>(() => _messages.Serializer.FromBinary(bytes[..length], manifest));
            }

            Assert.Throws<SerializationException>(() => _messages.Serializer.FromBinary([.. bytes, 0], manifest));
            for (var i = 0; i < 300; i++)
            {
                var damaged = bytes.ToArray();
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                var failure = Record.Exception(() => _messages.Serializer.FromBinary(damaged, manifest));
                Assert.True(failure is null or SerializationException, $"{name}: {failure}");
            }
        }
    }

    private sealed class Ear(TaskCompletionSource<DeliveryConfirmed> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.SetResult((DeliveryConfirmed)message);
    }
}
