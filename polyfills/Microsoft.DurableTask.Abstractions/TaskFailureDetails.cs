using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using DurableTask.Core;
using DurableTask.Core.Exceptions;

namespace Microsoft.DurableTask;

/// <summary>What is kept of the exception that ended a task: never the exception itself.</summary>
public record TaskFailureDetails(string ErrorType, string ErrorMessage, string? StackTrace, TaskFailureDetails? InnerFailure, IDictionary<string, object?>? Properties)
{
    private const string Unknown = "(unknown)";

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    /// <inheritdoc cref="IsCausedBy(Type)"/>
    public bool IsCausedBy<T>()
        where T : Exception => IsCausedBy(typeof(T));

    /// <summary>Whether the exception was of this type or of one derived from it; inner failures are not looked at.</summary>
    /// <exception cref="AmbiguousMatchException">Several loaded assemblies have a type of that name.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool IsCausedBy(Type targetBaseExceptionType)
    {
        ArgumentNullException.ThrowIfNull(targetBaseExceptionType);
        if (!typeof(Exception).IsAssignableFrom(targetBaseExceptionType))
        {
            throw new ArgumentException($"The type {targetBaseExceptionType} is not an exception type.", nameof(targetBaseExceptionType));
        }

        if (string.IsNullOrEmpty(ErrorType))
        {
            return false;
        }

        Type? thrown = Type.GetType(ErrorType, throwOnError: false)
            ?? targetBaseExceptionType.Assembly.GetType(ErrorType, throwOnError: false)
            ?? Assembly.GetCallingAssembly().GetType(ErrorType, throwOnError: false)
            ?? OnlyLoadedType(ErrorType);
        return thrown is not null && targetBaseExceptionType.IsAssignableFrom(thrown);
    }

    public static TaskFailureDetails FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return From(exception);
    }

    [return: NotNullIfNotNull(nameof(core))]
    internal static TaskFailureDetails? FromCore(FailureDetails? core) =>
        core is null ? null : new(core.ErrorType, core.ErrorMessage, core.StackTrace, FromCore(core.InnerFailure), core.Properties);

    [return: NotNullIfNotNull(nameof(exception))]
    private static TaskFailureDetails? From(Exception? exception) => exception switch
    {
        null => null,
        OrchestrationException { FailureDetails: var core } failed => new(
            core?.ErrorType ?? Unknown, core?.ErrorMessage ?? Unknown, core?.StackTrace, FromCore(core?.InnerFailure) ?? From(failed.InnerException), core?.Properties),
        _ => new(exception.GetType().ToString(), exception.Message, exception.StackTrace, From(exception.InnerException), null),
    };

    private static Type? OnlyLoadedType(string name)
    {
        Type[] types = [.. AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name, throwOnError: false)).OfType<Type>()];
        return types.Length > 1 ? throw new AmbiguousMatchException($"Multiple exception types with the name '{name}' were found.") : types.FirstOrDefault();
    }
}
