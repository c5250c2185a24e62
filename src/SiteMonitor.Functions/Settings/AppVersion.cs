using System.Reflection;

namespace SiteMonitor.Functions.Settings;

/// <summary>The version this build was stamped with, for example <c>2.0.0-beta.1+abc1234</c>.</summary>
public static class AppVersion
{
    public static string Current { get; } =
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
