using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Streaming.Persistence.Redis.Tests.Plugins;

/// <summary>A payload whose bytes need the address of the system, or that cannot be written at all.</summary>
public sealed record TestPayload(IActorRef? Actor);

public sealed class TestPayloadSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 4_711;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => ((TestPayload)obj).Actor is { } actor
        ? Encoding.UTF8.GetBytes(Akka.Serialization.Serialization.SerializedActorPath(actor))
        : throw new InvalidOperationException("this payload cannot be written");

    public override object FromBinary(byte[] bytes, Type type) => new TestPayload(system.Provider.ResolveActorRef(Encoding.UTF8.GetString(bytes)));
}
