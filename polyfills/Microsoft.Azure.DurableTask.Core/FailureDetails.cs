namespace DurableTask.Core;

/// <summary>What is kept of an exception that ended a task.</summary>
public class FailureDetails : IEquatable<FailureDetails>
{
    public FailureDetails(string errorType, string errorMessage, string? stackTrace, FailureDetails? innerFailure, bool isNonRetriable)
        : this(errorType, errorMessage, stackTrace, innerFailure, isNonRetriable, null)
    {
    }

    public FailureDetails(
        string errorType, string errorMessage, string? stackTrace, FailureDetails? innerFailure, bool isNonRetriable, IDictionary<string, object?>? properties = null)
    {
        ErrorType = errorType;
        ErrorMessage = errorMessage;
        StackTrace = stackTrace;
        InnerFailure = innerFailure;
        IsNonRetriable = isNonRetriable;
        Properties = properties;
    }

    public string ErrorType { get; }

    public string ErrorMessage { get; }

    public string? StackTrace { get; }

    public FailureDetails? InnerFailure { get; }

    public bool IsNonRetriable { get; }

    public IDictionary<string, object?>? Properties { get; }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    public bool Equals(FailureDetails? other) =>
        other is not null
        && (ReferenceEquals(this, other)
            || (ErrorType, ErrorMessage, StackTrace) == (other.ErrorType, other.ErrorMessage, other.StackTrace) && Equals(InnerFailure, other.InnerFailure));

#nullable disable annotations
    public override bool Equals(object other) => Equals(other as FailureDetails);
#nullable restore annotations

    public override int GetHashCode() => HashCode.Combine(ErrorType, ErrorMessage, StackTrace, InnerFailure);
}
