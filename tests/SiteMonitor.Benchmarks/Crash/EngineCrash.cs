using System.Diagnostics;
using System.Globalization;

namespace SiteMonitor.Benchmarks.Crash;

/// <summary>The crash campaign against the engine alone: children run orchestrations and are killed; in the end their journals must fit the model.</summary>
public static class EngineCrash
{
    /// <returns>What was done, once all of it has been found right.</returns>
    /// <exception cref="InvalidOperationException">Something was lost, done out of turn, or stuck.</exception>
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

        // Whole code at once and no warm-up: the child lives for some hundred milliseconds.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = CultureInfo.InvariantCulture.Name;
        return start;
    }
}
