using System.Runtime.CompilerServices;

namespace SiteMonitor.Tests;

internal static class ChildProcesses
{
    /// <summary>Makes hosts and builds that tests start collect no profiles either, see the project file.</summary>
    [ModuleInitializer]
    internal static void DisableProfiles() => Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
}
