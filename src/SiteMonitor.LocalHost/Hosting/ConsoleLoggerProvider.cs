using SiteMonitor.Core;
using Spectre.Console;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Logs single lines to the console that the progress display uses. Stack traces are written for errors only.</summary>
internal sealed class ConsoleLoggerProvider(IAnsiConsole console, TimeProvider time, HostStage stage) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message, Exception? failure)
    {
        // A failed start is reported by its exception, and cancelled work is no error while the host stops.
        if (failure is not null && (stage.Stopping.IsCancellationRequested || (!stage.IsStarted && IsHostCategory(category))))
        {
            return;
        }

        category = category[(category.LastIndexOf('.') + 1)..];
        (string word, Color colour) = level switch
        {
            LogLevel.Critical or LogLevel.Error => ("error", Color.Red),
            LogLevel.Warning => ("warn", Color.Yellow),
            _ => ("info", Color.Grey),
        };
        lock (_gate)
        {
            string type = failure is null ? string.Empty : $" ({failure.GetType().Name})";
            // Not markup, which would replace emoji codes in ids such as octo:watch:5.
            console.Write(new Paragraph()
                .Append($"{time.GetUtcNow():HH:mm:ss} ", Color.Grey)
                .Append(word, colour)
                .Append($" {category}: {TerminalText.Clean(message + type)}"));
            console.WriteLine();
            if (failure is not null && level >= LogLevel.Error)
            {
                console.WriteLine(TerminalText.Clean(failure.ToString()));
            }
        }
    }

    private static bool IsHostCategory(string category) =>
        category.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal)
        || category.StartsWith("Microsoft.AspNetCore.Server.Kestrel", StringComparison.Ordinal);

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

/// <summary>Whether the host is starting, running or stopping.</summary>
internal sealed class HostStage
{
    public bool IsStarted { get; set; }

    /// <summary>Cancelled when the host begins to stop.</summary>
    public CancellationToken Stopping { get; set; }
}
