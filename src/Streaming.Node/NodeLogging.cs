using System.Globalization;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Streaming.Contracts.Registry;
using Streaming.Node.Settings;
using Streaming.Scoring;

namespace Streaming.Node;

/// <summary>Structured logs on the console.</summary>
internal static class NodeLogging
{
    private const string Text = "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext} {Message:lj}{NewLine}{Exception}";

    /// <summary>
    /// The logger of a node. ASP.NET Core's own lines stay at warning whatever the level: at information they carry paths, and
    /// paths carry entity keys. So do those of the host's lifetime: a node has a host within for each engine that it builds, and the
    /// command says itself where the node listens.
    /// </summary>
    public static Serilog.ILogger Configure(LoggingSettings settings)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(settings.Level, ignoreCase: true))
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Warning);
        return (settings.Format == "json"
            ? configuration.WriteTo.Console(new RenderedCompactJsonFormatter())
            : configuration.WriteTo.Console(outputTemplate: Text, formatProvider: CultureInfo.InvariantCulture)).CreateLogger();
    }

    /// <summary>Says what about the schema registry its operator should change.</summary>
    public static void WarnOfRegistry(ILoggerFactory loggers, string advice) =>
        NodeLog.RegistryAdvice(loggers.CreateLogger<ISchemaRegistry>(), advice);

    /// <summary>Says with what the node scores.</summary>
    public static void Announce(Microsoft.Extensions.Logging.ILogger logger, Scorer champion)
    {
        if (champion.Fault is { } fault)
        {
            NodeLog.ModelMissing(logger, champion.Definition.Name, fault);
        }
        else
        {
            NodeLog.ModelReady(logger, champion.ModelId, champion.Service.Name);
        }
    }
}
