using System.Diagnostics;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Runs the Bicep compiler, restored from NuGet at first use; skips the test if the feed lacks it.</summary>
internal static class BicepCompiler
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Compiles a file without writing output.</summary>
    /// <returns>The exit code, the ARM template as JSON, and what the compiler and its linter have to say.</returns>
    public static async Task<(int Exit, string Template, string Diagnostics)> CompileAsync(string file)
    {
        string project = RepositoryRoot.File("tests", "tools", "bicep.proj");
        (int exit, string output, _) = await RunAsync("dotnet", "restore", project, "--verbosity", "quiet");
        Assert.SkipWhen(exit != 0, $"The NuGet feed has no Bicep compiler for this platform: {output.Trim().Split('\n')[0]}");
        (_, string program, _) = await RunAsync("dotnet", "msbuild", project, "-getProperty:BicepProgram");
        return await RunAsync(program.Trim(), "build", file, "--stdout");
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        string output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output, await errors);
    }
}
