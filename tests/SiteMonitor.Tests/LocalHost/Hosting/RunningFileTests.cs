using SiteMonitor.Cli.Api;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class RunningFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private DataDirectory Data => DataDirectory.Open(Path.Combine(_directory.Path, ".sitemonitor"));

    [Fact]
    public void The_command_line_reads_what_the_host_leaves()
    {
        string key = KeyFile.ReadOrCreate(Data).Function;
        using (RunningFile files = RunningFile.Take(Data))
        {
            files.Write(new Uri("http://127.0.0.1:7999/"), new Uri("http://127.0.0.1:8000/"), "secret", "o/r");

            Assert.Equal(new LocalHostFiles(key, new Uri("http://127.0.0.1:7999/"), "secret", "o/r"), LocalHostFiles.Find(_directory.Path));
        }

        Assert.Equal(new LocalHostFiles(key, null, null, null), LocalHostFiles.Find(_directory.Path));
    }

    [Fact]
    public void A_second_host_is_kept_out_and_told_of_the_first()
    {
        using RunningFile first = RunningFile.Take(Data);
        first.Write(new Uri("http://127.0.0.1:7999/"), null, null, null);

        StartupException e = Assert.Throws<StartupException>(() => RunningFile.Take(Data));

        Assert.Contains($"(process {Environment.ProcessId}, http://127.0.0.1:7999/)", e.Message, StringComparison.Ordinal);
        Assert.Contains("--data DIR", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_directory_is_free_again_after_the_first_has_gone()
    {
        RunningFile.Take(Data).Dispose();

        using RunningFile second = RunningFile.Take(Data);

        Assert.NotNull(second);
    }

    public void Dispose() => _directory.Dispose();
}
