using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>Calls a function: creates its class from the invocation's services, binds the parameters, awaits the task.</summary>
internal sealed class FunctionInvoker
{
    private readonly ParameterBinder[] _binders;
    private readonly MethodInvoker _method;
    private readonly ObjectFactory? _factory;
    private readonly Func<object?, Task<object?>> _await;

    public FunctionInvoker(FunctionDescriptor function, IReadOnlyCollection<string> dataNames)
    {
        _binders = ParameterBinders.For(function, dataNames);
        _method = MethodInvoker.Create(function.Method);
        _factory = function.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(function.Method.DeclaringType!, []);
        _await = TaskResult.ReaderFor(function.Method.ReturnType);
        Definition = new LocalFunctionDefinition(function);
    }

    public FunctionDefinition Definition { get; }

    /// <returns>The result of the function; null for a method without a result.</returns>
    public Task<object?> InvokeAsync(LocalFunctionContext context)
    {
        object?[] arguments = new object?[_binders.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _binders[i](context);
        }

        object? target = _factory?.Invoke(context.InstanceServices, null);
        return _await(_method.Invoke(target, arguments.AsSpan()));
    }
}
