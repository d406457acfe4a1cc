using System.Collections.Frozen;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Wire;

/// <summary>
/// The bytes of the engine's messages (docs/adr/0014-wire-format.md): a version, then the fields in a fixed order. Its identifier is in
/// <c>reference.conf</c>.
/// </summary>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private readonly Lazy<WireContext> _context = new(() => new WireContext(system));

    /// <summary>All kinds of messages.</summary>
    public static IReadOnlyList<WireCodec> Codecs { get; } =
    [
        WireCodec.Of<DeliveryBundle>("deliveries", DeliveryBytes.Write, DeliveryBytes.Read),
        .. ReplyBytes.Codecs,
        .. QueryBytes.Codecs,
        .. ShardBytes.Codecs,
        .. ProgressBytes.Codecs,
    ];

    private static readonly FrozenDictionary<string, WireCodec> s_byManifest = Codecs.ToFrozenDictionary(static codec => codec.Manifest);

    private static readonly FrozenDictionary<Type, WireCodec> s_byType = Codecs
        .SelectMany(static codec => codec.Types.Select(type => (type, codec)))
        .ToFrozenDictionary(static each => each.type, static each => each.codec);

    /// <inheritdoc/>
    public override string Manifest(object o) => CodecOf(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        var codec = CodecOf(obj);
        var output = new WireWriter();
        output.Byte(codec.Version);
        codec.Write(_context.Value, output, obj);
        return output.ToArray();
    }

    /// <inheritdoc/>
    /// <exception cref="SerializationException">
    /// The message is of another version, damaged, or names what this node does not have.
    /// </exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!s_byManifest.TryGetValue(manifest, out var codec))
        {
            throw new SerializationException($"this node has no message {manifest}; run the same release on all nodes");
        }

        var input = new WireReader(bytes);
        try
        {
            if (input.Byte() is var version && version != codec.Version)
            {
                throw new SerializationException(
                    $"the message {manifest} has version {version}, and this node reads version {codec.Version}; run the same release on "
                    + "all nodes");
            }

            var message = codec.Read(_context.Value, ref input);
            input.End();
            return message;
        }
        catch (FormatException fault)
        {
            throw new SerializationException($"the message {manifest} cannot be read: {fault.Message}", fault);
        }
    }

    private static WireCodec CodecOf(object message) => s_byType.TryGetValue(message.GetType(), out var codec)
        ? codec
        : throw new SerializationException($"{message.GetType()} has no bytes: it stays on its node");
}
