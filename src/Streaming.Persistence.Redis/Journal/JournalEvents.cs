using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Serialization;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Journal;

/// <summary>Events as members of the sorted sets that a journal keeps them in.</summary>
/// <param name="system">Its serialization is used.</param>
/// <param name="time">Stamps events that have no time.</param>
internal sealed class JournalEvents(ExtendedActorSystem system, TimeProvider time)
{
    private readonly Serializer _serializer = system.Serialization.FindSerializerForType(typeof(IPersistentRepresentation));

    /// <summary>Serializes the events of one write; what cannot be serialized rejects all of them, and nothing of it is sent.</summary>
    public bool TryWrite(AtomicWrite write, out SortedSetEntry[] members, out Exception? rejection)
    {
        var events = (IImmutableList<IPersistentRepresentation>)write.Payload;
        members = new SortedSetEntry[events.Count];
        rejection = null;
        try
        {
            for (var i = 0; i < members.Length; i++)
            {
                var timed = events[i].Timestamp > 0 ? events[i] : events[i].WithTimestamp(time.GetUtcNow().Ticks);
                members[i] = new(Bytes(timed), timed.SequenceNr);
            }

            return true;
        }
#pragma warning disable CA1031 // A serializer may throw anything, and whatever it is rejects the event.
        catch (Exception e)
#pragma warning restore CA1031
        {
            rejection = e;
            return false;
        }
    }

    /// <summary>The event of a member.</summary>
    public Persistent Read(RedisValue member) =>
        _serializer.FromBinary<Persistent>((byte[])member!);

    private byte[] Bytes(IPersistentRepresentation persistent) =>
        Serialization.WithTransport(system, () => _serializer.ToBinary(persistent));
}
