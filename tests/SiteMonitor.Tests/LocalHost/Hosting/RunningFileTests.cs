using SiteMonitor.Cli.Api;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class RunningFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private DataDirectory Data => DataDirectory.Open(Path.Combine(_directory.Path, ".sitemonitor"));

    [Fact]
    public void The_Command_Line_Reads_What_The_Host_Leaves()
    {
        string key = KeyFile.ReadOrCreate(Data).Function;
        using (RunningFile files = RunningFile.Take(Data))
        {
            files.Write(new Uri("http://127.0.0.1:7999/"), new Uri("http://127.0.0.1:8000/"), "secret", "o/r", "/srv/flags.json");

            LocalHostFiles expected = new(
                key, new Uri("http://127.0.0.1:7999/"), "secret", "o/r", "/srv/flags.json", new Uri("http://127.0.0.1:8000/"));
            Assert.Equal(expected, LocalHostFiles.Find(_directory.Path));
        }

        Assert.Equal(new LocalHostFiles(key, null, null, null), LocalHostFiles.Find(_directory.Path));
    }

    [Fact]
    public void A_Second_Host_Is_Kept_Out_And_Told_Of_The_First()
    {
        using RunningFile first = RunningFile.Take(Data);
        first.Write(new Uri("http://127.0.0.1:7999/"), null, null, null, null);

        StartupException e = Assert.Throws<StartupException>(() => RunningFile.Take(Data));

        Assert.Contains($"(process {Environment.ProcessId}, http://127.0.0.1:7999/)", e.Message, StringComparison.Ordinal);
        Assert.Contains("--data DIR", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Directory_Is_Free_Again_After_The_First_Has_Gone()
    {
        RunningFile.Take(Data).Dispose();

        using RunningFile second = RunningFile.Take(Data);

        Assert.NotNull(second);
    }

    public void Dispose() => _directory.Dispose();
}
