using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Persistence;
using Akka.Serialization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Streaming.Persistence.Redis.Snapshots.Wire;

namespace Streaming.Persistence.Redis.Snapshots;

/// <summary>
/// A snapshot with its metadata as bytes: serializer 48 of Akka.Persistence.Redis (Snapshots/snapshot.proto). The payload is written by the
/// serializer that Akka has for it.
/// </summary>
public sealed class SnapshotSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <inheritdoc/>
    public override bool IncludeManifest => true;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        if (obj is not SelectedSnapshot snapshot)
        {
            throw new ArgumentException(
                $"{nameof(SnapshotSerializer)} writes {nameof(SelectedSnapshot)}, not {obj?.GetType()}", nameof(obj));
        }

        var serializer = system.Serialization.FindSerializerFor(snapshot.Snapshot);
        return new SnapshotMessage
        {
            PersistenceId = snapshot.Metadata.PersistenceId,
            SequenceNr = snapshot.Metadata.SequenceNr,
            TimeStamp = DateTime.SpecifyKind(snapshot.Metadata.Timestamp, DateTimeKind.Utc).ToTimestamp(),
            Payload = new()
            {
                SerializerId = serializer.Identifier,
                Payload = UnsafeByteOperations.UnsafeWrap(serializer.ToBinary(snapshot.Snapshot)),
                PayloadManifest = ByteString.CopyFromUtf8(Akka.Serialization.Serialization.ManifestFor(serializer, snapshot.Snapshot)),
            },
        }.ToByteArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, System.Type type)
    {
        if (type != typeof(SelectedSnapshot))
        {
            throw new SerializationException($"{nameof(SnapshotSerializer)} reads {nameof(SelectedSnapshot)}, not {type}");
        }

        var message = SnapshotMessage.Parser.ParseFrom(bytes);
        var payload = message.Payload;
        return new SelectedSnapshot(
            new(message.PersistenceId, message.SequenceNr, message.TimeStamp.ToDateTime()),
            system.Serialization.Deserialize(
                payload.Payload.ToByteArray(), payload.SerializerId, payload.PayloadManifest.ToStringUtf8()));
    }

    /// <summary>Only the metadata: the payload is not deserialized.</summary>
    internal static SnapshotMetadata MetadataOf(ReadOnlyMemory<byte> bytes)
    {
        var message = SnapshotMessage.Parser.ParseFrom(bytes.Span);
        return new(message.PersistenceId, message.SequenceNr, message.TimeStamp.ToDateTime());
    }
}
