using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace Streaming.Engine.Remoting;

/// <summary>
/// The transport of a node without peers. Akka's sharding needs a cluster, and a cluster a transport; every other transport opens a port,
/// and a program that reaches it can stop any actor. This one neither listens nor connects.
/// </summary>
internal sealed class NoPeersTransport : Transport
{
    private const string Scheme = "local";
    private const string Host = "this-node";
    private const int Port = 1;
    private const int PayloadBytesMax = 128_000;

    public NoPeersTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        SchemeIdentifier = Scheme;
        MaximumPayloadBytes = PayloadBytesMax;
    }

    public override bool IsResponsibleFor(Address remote) => true;

    // The listener of inbound associations is never called: there are none.
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() =>
        Task.FromResult((new Address(Scheme, System.Name, Host, Port), new TaskCompletionSource<IAssociationEventListener>()));

    public override Task<AssociationHandle> Associate(Address remoteAddress) =>
        Task.FromException<AssociationHandle>(
            new InvalidAssociationException($"{remoteAddress} cannot be reached: streaming.engine.remoting is off"));

    public override Task<bool> Shutdown() => Task.FromResult(true);
}
