using System.Runtime.CompilerServices;

namespace SiteMonitor.Tests;

internal static class ChildProcesses
{
    /// <summary>Makes hosts and builds that tests start compile as little as they can: they run for seconds only.</summary>
    [ModuleInitializer]
    internal static void SaveCompilation()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        Environment.SetEnvironmentVariable("DOTNET_EnableWriteXorExecute", "0");

        // Optimizes what is still called often after a second (in hexadecimal milliseconds) without new methods.
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "3E8");
    }
}
