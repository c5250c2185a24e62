using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SiteMonitor.LocalHost.Functions.Invocation;

/// <summary>Chooses, once a function, where each parameter's value comes from.</summary>
internal static class ParameterBinders
{
    /// <param name="dataNames">Names the trigger's binding data has: route parameters, <c>instanceId</c> of an activity.</param>
    /// <exception cref="FunctionDefinitionException">A parameter has no source.</exception>
    public static ParameterBinder[] For(FunctionDescriptor function, IReadOnlyCollection<string> dataNames)
    {
        List<string> faults = [];
        List<ParameterBinder> binders = [];
        foreach (ParameterInfo parameter in function.Method.GetParameters())
        {
            if (Find(function, parameter, dataNames) is { } binder)
            {
                binders.Add(binder);
            }
            else
            {
                faults.Add($"{function.Name}: nothing gives parameter '{parameter.ParameterType.Name} {parameter.Name}' of {function.EntryPoint} a value.");
            }
        }

        return faults.Count == 0 ? [.. binders] : throw new FunctionDefinitionException(faults);
    }

    private static ParameterBinder? Find(FunctionDescriptor function, ParameterInfo parameter, IReadOnlyCollection<string> dataNames)
    {
        // By position: reflection may hand out another object for the same parameter.
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
            ? type.IsInstanceOfType(value) ? value : TypeDescriptor.GetConverter(type).ConvertFrom(null, CultureInfo.InvariantCulture, value)
            : missing;
    }
}

/// <summary>Gives one parameter its value.</summary>
internal delegate object? ParameterBinder(LocalFunctionContext context);
