using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class SandboxSessionTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TestDirectory _directory = new();

    [Fact]
    public void An_interrupted_run_is_resumed_with_its_files_secret_and_start()
    {
        SandboxSession first = Open();
        File.WriteAllText(first.Directory.PathOf("sandbox.db"), "state");

        SandboxSession second = Open(later: true);

        Assert.True(second.IsResumed);
        Assert.Equal((first.WebhookSecret, Now), (second.WebhookSecret, second.Started));
        Assert.Equal("state", File.ReadAllText(second.Directory.PathOf("sandbox.db")));
    }

    [Fact]
    public void A_finished_run_is_forgotten()
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
    public void New_work_after_the_end_makes_it_resumable_again()
    {
        SandboxSession first = Open();
        first.MarkFinished(true);
        first.MarkFinished(false);

        Assert.True(Open(later: true).IsResumed);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    public void A_spoilt_session_begins_anew(string content)
    {
        Open();
        File.WriteAllText(Path.Combine(_directory.Path, "sandbox", "session.json"), content);

        Assert.False(Open(later: true).IsResumed);
    }

    [Fact]
    public void Fresh_forgets_an_interrupted_run()
    {
        SandboxSession first = Open();

        SandboxSession second = SandboxSession.Open(first.Directory, fresh: true, Now);

        Assert.False(second.IsResumed);
        Assert.NotEqual(first.WebhookSecret, second.WebhookSecret);
    }

    public void Dispose() => _directory.Dispose();

    private SandboxSession Open(bool later = false) =>
        SandboxSession.Open(DataDirectory.Open(Path.Combine(_directory.Path, "sandbox")), fresh: false, later ? Now.AddHours(1) : Now);
}
