using Akka.Actor;
using Akka.Dispatch.MessageQueues;
using Streaming.Engine.Entities;

namespace Streaming.Engine.Tests;

/// <summary>The queue of entities: many producers, one consumer at a time.</summary>
public sealed class EntityMailboxSpec
{
    private const int Producers = 4;
    private const int Messages = 50_000;

    [Fact]
    public void An_empty_queue_has_no_messages()
    {
        var queue = new EntityMailbox.Queue();
        Assert.False(queue.HasMessages);
        Assert.Equal(0, queue.Count);
        Assert.False(queue.TryDequeue(out _));
    }

    [Fact]
    public void Messages_keep_their_order_and_senders_also_after_the_queue_was_empty()
    {
        var queue = new EntityMailbox.Queue();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 5; i++)
            {
                queue.Enqueue(ActorRefs.Nobody, new Envelope(i, ActorRefs.NoSender));
            }

            Assert.Equal(5, queue.Count);
            Assert.Equal([0, 1, 2, 3, 4], Drain(queue).Select(e => (int)e.Message));
            Assert.False(queue.HasMessages);
        }
    }

    [Fact]
    public void A_queue_that_is_drained_as_it_fills_allocates_nothing()
    {
        var queue = new EntityMailbox.Queue();
        var envelope = new Envelope("message", ActorRefs.NoSender);
        Allocations.AssertNone(() => EnqueueAndDequeue(queue, envelope, 1_000));
    }

    [Fact]
    public void Messages_of_a_stopped_actor_become_undelivered_messages()
    {
        var queue = new EntityMailbox.Queue();
        var undelivered = new UnboundedMessageQueue();
        queue.Enqueue(ActorRefs.Nobody, new Envelope("left", ActorRefs.NoSender));
        queue.CleanUp(ActorRefs.Nobody, undelivered);
        Assert.Equal((false, 1), (queue.HasMessages, undelivered.Count));
    }

    /// <summary>Its sender had found the queue before the actor stopped.</summary>
    [Fact]
    public void A_message_that_comes_after_the_stop_becomes_undelivered_too()
    {
        var queue = new EntityMailbox.Queue();
        var undelivered = new UnboundedMessageQueue();
        queue.CleanUp(ActorRefs.Nobody, undelivered);
        queue.Enqueue(ActorRefs.Nobody, new Envelope("late", ActorRefs.NoSender));
        Assert.Equal((false, 1), (queue.HasMessages, undelivered.Count));
    }

    [Fact]
    public async Task Of_messages_that_come_while_an_actor_stops_none_is_lost()
    {
        var queue = new EntityMailbox.Queue();
        var undelivered = new UnboundedMessageQueue();
        var producers = Enumerable.Range(0, Producers).Select(producer => Task.Run(() => Produce(queue, producer))).ToArray();
        queue.CleanUp(ActorRefs.Nobody, undelivered);
        await Task.WhenAll(producers);
        Assert.Equal((false, Producers * Messages), (queue.HasMessages, undelivered.Count));
    }

    [Fact]
    public async Task Concurrent_producers_lose_nothing_and_each_keeps_its_order()
    {
        var queue = new EntityMailbox.Queue();
        var producers = Enumerable.Range(0, Producers).Select(producer => Task.Run(() => Produce(queue, producer))).ToArray();
        var next = new int[Producers];
        while (next.Sum() < Producers * Messages)
        {
            if (queue.TryDequeue(out var envelope))
            {
                var (producer, number) = ((int, int))envelope.Message;
                Assert.Equal(next[producer]++, number);
            }
            else if (Array.TrueForAll(producers, p => p.IsCompleted) && !queue.HasMessages)
            {
                break;
            }
        }

        await Task.WhenAll(producers);
        Assert.All(next, count => Assert.Equal(Messages, count));
        Assert.False(queue.HasMessages);
    }

    private static void Produce(EntityMailbox.Queue queue, int producer)
    {
        for (var i = 0; i < Messages; i++)
        {
            queue.Enqueue(ActorRefs.Nobody, new Envelope((producer, i), ActorRefs.NoSender));
        }
    }

    private static void EnqueueAndDequeue(EntityMailbox.Queue queue, Envelope envelope, int times)
    {
        for (var i = 0; i < times; i++)
        {
            queue.Enqueue(ActorRefs.Nobody, envelope);
            queue.TryDequeue(out _);
        }
    }

    private static List<Envelope> Drain(EntityMailbox.Queue queue)
    {
        var envelopes = new List<Envelope>();
        while (queue.TryDequeue(out var envelope))
        {
            envelopes.Add(envelope);
        }

        return envelopes;
    }
}
