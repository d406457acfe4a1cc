using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport;

namespace Streaming.Engine.Remoting;

/// <summary>
/// The transport of a node without peers. Akka's sharding needs a cluster and that needs a transport, while every other one opens a port
/// on which whoever reaches it may stop any actor. This one listens nowhere and reaches nobody.
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

    // The second part would hear of associations from outside: there are none.
    public override Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen() =>
        Task.FromResult((new Address(Scheme, System.Name, Host, Port), new TaskCompletionSource<IAssociationEventListener>()));

    public override Task<AssociationHandle> Associate(Address remoteAddress) =>
        Task.FromException<AssociationHandle>(
            new InvalidAssociationException($"{remoteAddress} cannot be reached: streaming.engine.remoting is off"));

    public override Task<bool> Shutdown() => Task.FromResult(true);
}
