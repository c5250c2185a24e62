using System.Diagnostics;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Installs the npm packages of tests/tools at first use; skips the test if that fails.</summary>
internal static class NodeTools
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(8);
    private static readonly SemaphoreSlim InstallLock = new(1, 1);

    /// <summary>Returns the path of a file in an installed package.</summary>
    public static async Task<string> FileAsync(string package, string file)
    {
        string folder = RepositoryRoot.File("tests", "tools");
        await InstallAsync(folder);
        return Path.Combine([folder, "node_modules", .. package.Split('/'), file]);
    }

    private static async Task InstallAsync(string folder)
    {
        await InstallLock.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            // Another test process may be at it too.
            await using FileStream claim = await OpenLockFileAsync(Path.Combine(folder, "node_modules.lock"));
            FileInfo installed = new(Path.Combine(folder, "node_modules", ".package-lock.json"));
            if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
            {
                await RunNpmAsync(folder);
            }
        }
        finally
        {
            InstallLock.Release();
        }
    }

    private static async Task<FileStream> OpenLockFileAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task RunNpmAsync(string folder)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd.exe", ["/c", "npm", "ci"]) : new("npm", ["ci"]);
        start.WorkingDirectory = folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using Process npm = Process.Start(start)!;
            using CancellationTokenSource patience = new(InstallTimeout, TimeProvider.System);
            Task<string> errors = npm.StandardError.ReadToEndAsync(patience.Token);
            await npm.StandardOutput.ReadToEndAsync(patience.Token);
            await npm.WaitForExitAsync(patience.Token);
            Assert.SkipWhen(npm.ExitCode != 0, $"npm ci in tests/tools failed: {(await errors).Trim().Split('\n')[^1]}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("npm is not installed: install Node.js to run this test.");
        }
    }
}

/// <summary>Finds programs on the path.</summary>
internal static class Programs
{
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
