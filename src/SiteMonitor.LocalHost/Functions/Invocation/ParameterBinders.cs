using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>Selects the source of each parameter's value, once per function.</summary>
internal static class ParameterBinders
{
    /// <param name="dataNames">Names in the trigger's binding data: route parameters, <c>instanceId</c> of an activity.</param>
    /// <exception cref="FunctionDefinitionException">A parameter has no source.</exception>
    public static ParameterBinder[] For(FunctionDescriptor function, IReadOnlyCollection<string> dataNames)
    {
        List<string> problems = [];
        List<ParameterBinder> binders = [];
        foreach (ParameterInfo parameter in function.Method.GetParameters())
        {
            if (Find(function, parameter, dataNames) is { } binder)
            {
                binders.Add(binder);
            }
            else
            {
                problems.Add(
                    $"{function.Name}: nothing gives parameter '{parameter.ParameterType.Name} {parameter.Name}' of " +
                        $"{function.EntryPoint} a value.");
            }
        }

        return problems.Count == 0 ? [.. binders] : throw new FunctionDefinitionException(problems);
    }

    private static ParameterBinder? Find(FunctionDescriptor function, ParameterInfo parameter, IReadOnlyCollection<string> dataNames)
    {
        // Compared by position: reflection may return another object for the same parameter.
        if (parameter.Position == function.TriggerParameter.Position)
        {
            return static context => context.Trigger;
        }

        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return static context => context;
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return static context => context.CancellationToken;
        }

        if (parameter.ParameterType == typeof(DurableTaskClient) && parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            return static context => context.InstanceServices.GetRequiredService<DurableTaskClient>();
        }

        return dataNames.Contains(parameter.Name!, StringComparer.OrdinalIgnoreCase) ? FromData(parameter) : null;
    }

    private static ParameterBinder FromData(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        object? missing = parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
        return context => context.BindingContext.BindingData.TryGetValue(parameter.Name!, out object? value) && value is not null
            ? type.IsInstanceOfType(value) ? value : TypeDescriptor.GetConverter(type).ConvertFrom(
                null, CultureInfo.InvariantCulture, value)
            : missing;
    }
}

/// <summary>Returns the value of one parameter.</summary>
internal delegate object? ParameterBinder(LocalFunctionContext context);
