using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace Streaming.Engine.Logging;

/// <summary>Takes the logger into the actor system: Akka makes its loggers itself, from a class name.</summary>
internal sealed class EngineLogSetup(ILogger? logger) : Setup
{
    /// <summary>Where lines go; null for nowhere.</summary>
    public ILogger? Logger { get; } = logger;
}
