using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Streaming.Engine.Logging;

/// <summary>
/// Akka's logger (<c>akka.loggers</c>): forwards each line to the logger that the engine was given, with entity keys masked in its
/// source, its message and its cause. The cause goes as text, because a logged exception would print the keys.
/// </summary>
internal sealed partial class EngineLogActor : UntypedActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILogger? _logger =
        Context.System.Settings.Setup.Get<EngineLogSetup>() is { HasValue: true } setup ? setup.Value.Logger : null;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                break;
            case LogEvent line when _logger is not null:
                Forward(_logger, line);
                break;
            case LogEvent:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static void Forward(ILogger logger, LogEvent line)
    {
        var level = line switch
        {
            Error => LogLevel.Error,
            Warning => LogLevel.Warning,
            Info => LogLevel.Information,
            _ => LogLevel.Debug,
        };
        if (logger.IsEnabled(level))
        {
            var source = LogSourceName.Of(Mask.Text(line.LogSource ?? string.Empty));
            var text = Mask.Text(line.Message?.ToString() ?? string.Empty);
            var cause = line.Cause is null ? string.Empty : $" {Mask.Text(line.Cause.ToString())}";
            Write(logger, level, source, text, cause);
        }
    }

    [LoggerMessage(Message = "{Source}: {Text}{Cause}")]
    private static partial void Write(ILogger logger, LogLevel level, string source, string text, string cause);
}
