using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Streaming.Engine.Logging;

/// <summary>
/// Akka's logger (<c>akka.loggers</c>): forwards each line to the host's logger, with entity keys masked in its source, its message and
/// its cause. The cause goes as text, because a logged exception would print the keys.
/// </summary>
internal sealed partial class EngineLogActor : LoggerFactoryLogger
{
    private readonly ILogger _logger = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory.CreateLogger("Akka");

    protected override void Log(LogEvent log, ActorPath path)
    {
        var level = log switch
        {
            Error => LogLevel.Error,
            Warning => LogLevel.Warning,
            Info => LogLevel.Information,
            _ => LogLevel.Debug,
        };
        if (_logger.IsEnabled(level))
        {
            var source = LogSourceName.Of(Mask.Text(log.LogSource ?? string.Empty));
            var text = Mask.Text(log.Message?.ToString() ?? string.Empty);
            var cause = log.Cause is null ? string.Empty : $" {Mask.Text(log.Cause.ToString())}";
            Write(_logger, level, source, text, cause);
        }
    }

    [LoggerMessage(Message = "{Source}: {Text}{Cause}")]
    private static partial void Write(ILogger logger, LogLevel level, string source, string text, string cause);
}
