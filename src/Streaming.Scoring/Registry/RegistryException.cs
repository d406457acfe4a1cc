namespace Streaming.Scoring.Registry;

/// <summary>A registry of models, a folder or a server, does not do what it is asked; the message says why in one line.</summary>
public sealed class RegistryException : Exception
{
    /// <summary>What kind of fault it is, and what is wrong, where, and how to correct it.</summary>
    public RegistryException(RegistryFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>The kind.</summary>
    public RegistryFault Fault { get; }
}
