using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite.Tests;

/// <summary>Keeps what was logged.</summary>
internal sealed class ListLoggerProvider : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly List<(string Category, string Message)> _entries = [];

    public IReadOnlyList<string> Of(string category)
    {
        lock (_gate)
        {
            return [.. _entries.Where(e => e.Category == category).Select(e => e.Message)];
        }
    }

    public ILogger CreateLogger(string categoryName) => new ListLogger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class ListLogger(ListLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter)
        {
            lock (provider._gate)
            {
                provider._entries.Add((category, formatter(state, exception)));
            }
        }
    }
}
