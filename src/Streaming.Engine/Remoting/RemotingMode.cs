namespace Streaming.Engine.Remoting;

/// <summary>Whether other nodes can connect to this one; a node that connects can stop any of its actors.</summary>
public enum RemotingMode
{
    /// <summary>No node can: nothing listens.</summary>
    Off,

    /// <summary>Nodes with a certificate that this node trusts.</summary>
    Tls,

    /// <summary>Any program that reaches its port; the operator guarantees that only nodes do.</summary>
    TrustedNetwork,
}
