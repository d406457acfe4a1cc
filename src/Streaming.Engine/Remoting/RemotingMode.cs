namespace Streaming.Engine.Remoting;

/// <summary>Whether the node can be reached by other nodes; whoever reaches it may stop any of its actors.</summary>
public enum RemotingMode
{
    /// <summary>By none: nothing listens.</summary>
    Off,

    /// <summary>By those that show a certificate which this node trusts.</summary>
    Tls,

    /// <summary>By whoever reaches its port, which the operator declares to be other nodes only.</summary>
    TrustedNetwork,
}
