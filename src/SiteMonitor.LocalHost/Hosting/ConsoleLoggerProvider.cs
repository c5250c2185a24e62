using Spectre.Console;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Logs single lines to the console that the progress display uses. Stack traces are written for errors only.</summary>
internal sealed class ConsoleLoggerProvider(IAnsiConsole console, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message, Exception? failure)
    {
        (string word, string colour) = level switch
        {
            LogLevel.Critical or LogLevel.Error => ("error", "red"),
            LogLevel.Warning => ("warn", "yellow"),
            _ => ("info", "grey"),
        };
        lock (_gate)
        {
            string type = failure is null ? string.Empty : $" ({failure.GetType().Name})";
            console.MarkupLine(
                $"[grey]{time.GetUtcNow():HH:mm:ss}[/] [{colour}]{word}[/] {Markup.Escape(category)}: {Markup.Escape(message + type)}");
            if (failure is not null && level >= LogLevel.Error)
            {
                console.WriteLine(failure.ToString());
            }
        }
    }

    private sealed class Line(ConsoleLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
