using System.Reflection;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>Converts the returned value of a method, by its declared type, into a task of its result.</summary>
internal static class TaskResult
{
    private const BindingFlags Private = BindingFlags.NonPublic | BindingFlags.Static;

    public static Func<object?, Task<object?>> ReaderFor(Type returnType)
    {
        if (returnType == typeof(Task))
        {
            return static task => AwaitAsync((Task)task!);
        }

        if (returnType == typeof(ValueTask))
        {
            return static task => AwaitAsync(((ValueTask)task!).AsTask());
        }

        Type? open = returnType.IsGenericType ? returnType.GetGenericTypeDefinition() : null;
        string? reader = open == typeof(Task<>) ? nameof(AwaitResultAsync)
            : open == typeof(ValueTask<>) ? nameof(AwaitValueResultAsync) : null;
        return reader is null
            ? static result => Task.FromResult(result)
            : typeof(TaskResult).GetMethod(reader, Private)!.MakeGenericMethod(
                returnType.GetGenericArguments()).CreateDelegate<Func<object?, Task<object?>>>();
    }

    private static async Task<object?> AwaitAsync(Task task)
    {
        await task;
        return null;
    }

    private static async Task<object?> AwaitResultAsync<T>(object? task) => await (Task<T>)task!;

    private static async Task<object?> AwaitValueResultAsync<T>(object? task) => await (ValueTask<T>)task!;
}
