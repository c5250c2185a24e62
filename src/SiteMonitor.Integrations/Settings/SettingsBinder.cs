using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace SiteMonitor.Integrations.Settings;

/// <summary>Fills an options object from a configuration section. Messages name the setting, never its value.</summary>
internal static class SettingsBinder
{
    /// <summary>The value in place of a secret that cannot be read; taken literally, anybody could guess it.</summary>
    private const string UnreadReference = "@Microsoft.KeyVault(";

    public static void Bind(IConfigurationSection section, BoundSettings settings) => BindObject(section, settings, settings);

    private static void BindObject(IConfigurationSection section, object target, BoundSettings report)
    {
        foreach (PropertyInfo property in target.GetType().GetProperties().Where(p => p.CanWrite))
        {
            IConfigurationSection child = section.GetSection(property.Name);
            if (child.Exists())
            {
                BindProperty(child, property, target, report);
            }
        }
    }

    private static void BindProperty(IConfigurationSection section, PropertyInfo property, object target, BoundSettings report)
    {
        if (section.Value?.TrimStart().StartsWith(UnreadReference, StringComparison.OrdinalIgnoreCase) == true)
        {
            report.AddBindingProblem($"{section.Path}: its Key Vault reference cannot be read: set that secret, make sure that the app's " +
                "identity has the role Key Vault Secrets User, then have the references read again ('azd hooks run postprovision').");
        }

        Type type = property.PropertyType;
        if (type == typeof(string[]))
        {
            property.SetValue(target, ReadList(section));
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            property.SetValue(target, ReadTable(section, type, report));
        }
        else if (type.IsClass && type != typeof(string) && type != typeof(Uri))
        {
            BindObject(section, property.GetValue(target)!, report);
        }
        else
        {
            BindScalar(section, property, target, report);
        }
    }

    private static string[] ReadList(IConfigurationSection section) => section.Value is { } value
        ? value.Split([',', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [.. section.GetChildren().Select(c => c.Value?.Trim() ?? string.Empty).Where(v => v.Length > 0)];

    private static System.Collections.IDictionary ReadTable(IConfigurationSection section, Type type, BoundSettings report)
    {
        var table = (System.Collections.IDictionary)Activator.CreateInstance(type, StringComparer.OrdinalIgnoreCase)!;
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            object value = Activator.CreateInstance(type.GenericTypeArguments[1])!;
            BindObject(entry, value, report);
            table[entry.Key] = value;
        }

        return table;
    }

    private static void BindScalar(IConfigurationSection section, PropertyInfo property, object target, BoundSettings report)
    {
        string text = section.Value?.Trim() ?? string.Empty;
        Type? underlying = Nullable.GetUnderlyingType(property.PropertyType);
        if (property.PropertyType == typeof(string))
        {
            property.SetValue(target, text);
        }
        else if (text.Length == 0)
        {
            // An empty value means "not set": null where there is such a thing, else the default.
            if (underlying is not null || property.PropertyType == typeof(Uri))
            {
                property.SetValue(target, null);
            }
        }
        else if (TryConvert(text, underlying ?? property.PropertyType) is { } value)
        {
            property.SetValue(target, value);
        }
        else
        {
            report.AddBindingProblem($"{section.Path}: expected {Expectation(underlying ?? property.PropertyType)}.");
        }
    }

    private static object? TryConvert(string text, Type type)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromString(null, CultureInfo.InvariantCulture, text);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Expectation(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a time span as hh:mm:ss, for example 00:00:01",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(Uri) => "an address such as https://example.com/",
        _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ => "a number such as 0.15",
    };
}

/// <summary>Options filled by <see cref="SettingsBinder"/>, which reports all values of a wrong type together.</summary>
public abstract class BoundSettings
{
    private readonly List<string> _bindingProblems = [];

    internal IReadOnlyList<string> BindingProblems => _bindingProblems;

    internal void AddBindingProblem(string problem) => _bindingProblems.Add(problem);
}
