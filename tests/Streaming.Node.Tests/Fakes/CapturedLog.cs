using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Streaming.Node.Tests.Fakes;

/// <summary>Keeps what a node and its server log, from a level on.</summary>
internal sealed class CapturedLog(LogLevel from = LogLevel.Information) : ILoggerFactory
{
    private readonly ConcurrentQueue<string> _lines = [];

    public string[] Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Category(CapturedLog log, string name) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel >= log.From(name);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log._lines.Enqueue($"{logLevel} {name} {formatter(state, exception)} {exception}");
            }
        }
    }

    /// <summary>As NodeLogging has it: the framework's own lines from warning on.</summary>
    private LogLevel From(string category) =>
        category.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : from;
}
