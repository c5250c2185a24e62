using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Security;

/// <summary>One application for all cases of a class of attacks, with everything it logs.</summary>
public sealed class SecurityApp : IAsyncLifetime
{
    internal const string Title = "New ransomware campaign against grid operators";

    internal const string Text =
        "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.";

    internal PipelineApp App { get; private set; } = null!;

    internal CapturedLogs Logs { get; } = new();

    public async ValueTask InitializeAsync() => App = await PipelineApp.StartAsync(
        services: services => services.AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Debug)),
        settings: new() { ["AzureOpenAI:MaxRetries"] = "0" });

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>Opens an issue of a stranger; without a text it has one of its own, since the same text is analyzed only once.</summary>
    internal IssueRef Open(string title = Title, string? text = null, string author = "mallory") => Open(App, title, text ?? UniqueText(), author);

    internal static string UniqueText() => $"{Text} Case {Guid.NewGuid():N}.";

    internal static IssueRef Open(PipelineApp app, string title, string text, string author, params string[] labels)
    {
        IssueView issue = app.GitHub.Perform(new UserAction
        {
            Do = UserActionKind.Open,
            Value = title,
            Text = text,
            Labels = ["site-monitor", .. labels],
            Login = author,
        })!;
        return IssueRef.Parse($"{PipelineApp.Repository}#{issue.Number}");
    }

    /// <summary>Whether a run ended in a way that says nothing against the pipeline.</summary>
    internal static void AssertNoFailure(RunRecord record) =>
        Assert.True(record.Outcome is RunOutcome.Succeeded or RunOutcome.Waiting or RunOutcome.Skipped, $"{record.Outcome} {record.ReasonCode}: {record.Reason}");

    internal static void AssertSettled(IssueView view) => Assert.DoesNotContain(view.Labels, label => label is "analyzing" or "processing");
}

/// <summary>Everything that was logged, with exceptions.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, string Text)> _entries = [];

    public IReadOnlyList<(LogLevel Level, string Text)> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (logs._gate)
            {
                logs._entries.Add((logLevel, $"{category}: {formatter(state, exception)} {exception}"));
            }
        }
    }
}
