using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Security;

/// <summary>Other users of the machine cannot read what a host keeps.</summary>
public sealed class FileModeTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private string Data => Path.Combine(_directory.Path, "data");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Everything_A_Host_Keeps_Is_Readable_By_Its_User_Only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        // Databases of an earlier version were readable by everybody.
        Directory.CreateDirectory(Path.Combine(Data, "sandbox"));
        await using (RunningHost host = await RunningHost.StartAsync(
            HostArguments.Parse(["--port", "0", "--data", Data], out _)!, static _ => { }, TestContext.Current.CancellationToken))
        {
            string[] files = [.. Directory.GetFiles(Data, "*", SearchOption.AllDirectories).Where(file => !IsEmptyLock(file))];

            Assert.Contains(files, file => file.EndsWith(".db-wal", StringComparison.Ordinal));
            Assert.Contains(files, file => file.EndsWith("state.db", StringComparison.Ordinal));
            Assert.Contains(files, file => file.EndsWith("flags.json", StringComparison.Ordinal));
            foreach (string file in files)
            {
                UnixFileMode mode = File.GetUnixFileMode(file);
                Assert.True((mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == 0, $"{file}: {mode}");
            }
        }
    }

    [Fact]
    public void A_Database_Of_An_Earlier_Version_Is_Protected_At_The_Next_Start()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        DataDirectory data = DataDirectory.Open(Data);
        File.WriteAllText(data.PathOf("state.db"), "content");
        File.SetUnixFileMode(data.PathOf("state.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        data.Protect("state.db");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.PathOf("state.db")));
        Assert.Equal("content", File.ReadAllText(data.PathOf("state.db")));
    }

    private static bool IsEmptyLock(string file) => file.EndsWith(".lock", StringComparison.Ordinal) && new FileInfo(file).Length == 0;
}
