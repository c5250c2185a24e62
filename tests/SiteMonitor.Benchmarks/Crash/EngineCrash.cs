using System.Diagnostics;
using System.Globalization;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>
/// The crash campaign against the engine alone: children run orchestrations and are killed; at the end their journals must fit the model.
/// </summary>
public static class EngineCrash
{
    /// <returns>The figures, if everything is right.</returns>
    /// <exception cref="InvalidOperationException">Something was lost, executed in the wrong order, or stuck.</exception>
    public static async Task<CrashResult> RunAsync(int kills, int seed, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("sitemonitor-crash-").FullName;
        try
        {
            await new CrashCampaign(finish => Child(folder, finish), new Random(seed)).RunAsync(kills, cancellation);
            return CrashModel.Check(folder, kills);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ProcessStartInfo Child(string folder, bool finish)
    {
        string assembly = typeof(EngineCrash).Assembly.Location;
        ProcessStartInfo start = new("dotnet");
        start.ArgumentList.Add(assembly);
        start.ArgumentList.Add(CrashWorkload.Command);
        start.ArgumentList.Add(folder);
        start.ArgumentList.Add(finish ? "finish" : "work");

        // Without tiered compilation: the child lives for some hundred milliseconds.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = CultureInfo.InvariantCulture.Name;
        return start;
    }
}
