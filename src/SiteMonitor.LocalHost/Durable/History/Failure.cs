using Microsoft.DurableTask;

namespace SiteMonitor.LocalHost.Durable.History;

/// <summary>An exception as it is kept: type and message, never the object.</summary>
internal sealed record Failure(string Type, string Message, string? StackTrace, Failure? Inner)
{
    /// <summary>What Durable Functions says when it knows no more.</summary>
    public const string Unknown = "(unknown)";

    /// <summary>Of an aggregate only the first inner exception is kept; the failure of a task that failed inside an orchestrator becomes its inner failure.</summary>
    public static Failure From(Exception exception) => new(
        exception.GetType().ToString(),
        exception.Message,
        exception.StackTrace,
        exception is TaskFailedException { FailureDetails: { } details } ? From(details) : exception.InnerException is { } inner ? From(inner) : null);

    public static Failure From(TaskFailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? From(inner) : null);

    public TaskFailureDetails ToDetails() => new(Type, Message, StackTrace, Inner?.ToDetails(), null);

    public override string ToString() => $"{Type}: {Message}";
}
