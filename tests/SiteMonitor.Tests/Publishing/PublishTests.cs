using System.Diagnostics;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Publishing;

public sealed class PublishTests
{
    private static readonly string Project = RepositoryRoot.File("src", "SiteMonitor.Functions");

    [Fact]
    public async Task A_Build_With_The_Polyfill_Is_Not_Published_And_The_Error_Says_What_To_Do()
    {
        (int exitCode, string output) = await PublishAsync("--no-build", "-p:PolyfillAppConfiguration=true");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("this NuGet feed lacks Azure.Data.AppConfiguration", output, StringComparison.Ordinal);
        Assert.Contains("-p:AllowPolyfill=true", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_Gives_A_Folder_That_The_Functions_Host_Can_Run()
    {
        string folder = Directory.CreateTempSubdirectory("publish-").FullName;
        (int exitCode, string output) = await PublishAsync("-c", "Release", "-o", folder, "-p:AllowPolyfill=true", "-p:RunAnalyzers=false");

        Assert.True(exitCode == 0, output);
        string extensions = await File.ReadAllTextAsync(Path.Combine(folder, "extensions.json"), TestContext.Current.CancellationToken);
        string[] expected =
        [
            "host.json", "worker.config.json", "functions.metadata", "extensions.json", "SiteMonitor.Functions.dll",
            ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.DurableTask.dll",
        ];
        Assert.All(expected, file => Assert.True(File.Exists(Path.Combine(folder, file)), $"{file} is missing in the published folder."));
        Assert.Contains("DurableTask", extensions, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "local.settings.json")), "Local settings hold secrets: they are not published.");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<(int ExitCode, string Output)> PublishAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["publish", Project, "-nologo", "-tl:off", .. arguments]) { RedirectStandardOutput = true };
        using Process publish = Process.Start(start)!;
        string output = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (publish.ExitCode, output);
    }
}
