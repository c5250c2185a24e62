using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class SandboxSessionTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TestDirectory _directory = new();

    [Fact]
    public void An_Interrupted_Run_Is_Resumed_With_Its_Files_Secret_And_Start()
    {
        SandboxSession first = Open();
        File.WriteAllText(first.Directory.PathOf("sandbox.db"), "state");

        SandboxSession second = Open(later: true);

        Assert.True(second.IsResumed);
        Assert.Equal((first.WebhookSecret, Now), (second.WebhookSecret, second.Started));
        Assert.Equal("state", File.ReadAllText(second.Directory.PathOf("sandbox.db")));
    }

    [Fact]
    public void A_Finished_Run_Is_Forgotten()
    {
        SandboxSession first = Open();
        File.WriteAllText(first.Directory.PathOf("sandbox.db"), "state");
        first.MarkFinished(true);

        SandboxSession second = Open(later: true);

        Assert.False(second.IsResumed);
        Assert.NotEqual(first.WebhookSecret, second.WebhookSecret);
        Assert.False(File.Exists(second.Directory.PathOf("sandbox.db")));
    }

    [Fact]
    public void New_Work_After_The_End_Makes_It_Resumable_Again()
    {
        SandboxSession first = Open();
        first.MarkFinished(true);
        first.MarkFinished(false);

        Assert.True(Open(later: true).IsResumed);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    public void A_Spoilt_Session_Begins_Anew(string content)
    {
        Open();
        File.WriteAllText(Path.Combine(_directory.Path, "sandbox", "session.json"), content);

        Assert.False(Open(later: true).IsResumed);
    }

    [Fact]
    public void Fresh_Forgets_An_Interrupted_Run()
    {
        SandboxSession first = Open();

        SandboxSession second = SandboxSession.Open(first.Directory, fresh: true, phase: null, import: null, Now);

        Assert.False(second.IsResumed);
        Assert.NotEqual(first.WebhookSecret, second.WebhookSecret);
    }

    [Fact]
    public void Another_Phase_Begins_A_New_Run_And_The_Same_One_Continues()
    {
        SandboxSession first = Open(phase: "development");
        first.SetClockOffset(TimeSpan.FromDays(5));

        SandboxSession same = Open(phase: "development");
        SandboxSession other = Open(phase: "half");

        Assert.Equal((true, TimeSpan.FromDays(5), "development"), (same.IsResumed, same.ClockOffset, same.Phase));
        Assert.Equal((false, TimeSpan.Zero, "half"), (other.IsResumed, other.ClockOffset, other.Phase));
        Assert.Equal((null, null, (DateTimeOffset?)first.Started), (first.DiscardedRunStarted, same.DiscardedRunStarted, other.DiscardedRunStarted));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_Import_Is_Kept_With_Its_Run_And_Another_One_Begins_Anew()
    {
        ImportFile one = await ImportAsync("one.json");
        ImportFile two = await ImportAsync("two.json");
        SandboxSession first = Open(import: one);
        SandboxSession same = Open(import: one);
        SandboxSession unnamed = Open();

        Assert.True(first is { IsResumed: false, IsImported: true });
        Assert.True(same.IsResumed);
        Assert.True(unnamed is { IsResumed: true, IsImported: true });
        Assert.Equal(one.Hash, (await ImportFile.ReadCopyAsync(unnamed.Directory, all: false, TestContext.Current.CancellationToken)).Hash);
        Assert.False(Open(import: two).IsResumed);
    }

    private Task<ImportFile> ImportAsync(string name) => ImportFile.ReadAsync(
        _directory.Write(name, $$"""
            {"format":"site-monitor-export","version":1,"repository":"o/r"}
            {"number":1,"title":"{{name}}","body":"B","createdAt":"2026-03-01T00:00:00Z"}
            """),
        all: false,
        TestContext.Current.CancellationToken);

    private SandboxSession Open(bool later = false, string? phase = null, ImportFile? import = null) => SandboxSession.Open(
        DataDirectory.Open(Path.Combine(_directory.Path, "sandbox")), fresh: false, phase, import, later ? Now.AddHours(1) : Now);
}
