using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Reporting;

public sealed class AnnouncerTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");
    private readonly Channel _slack = new("slack");
    private readonly Channel _teams = new("teams");

    private static CancellationToken Cancel => RolloutFixture.Cancel;

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task Each_Channel_Of_The_Contacts_It_Concerns_Gets_It_Once()
    {
        await FreezeAsync();
        Announcer announcer = NewAnnouncer();
        Assert.Empty((await announcer.SendDueAsync(Cancel)).Problems);
        await announcer.SendDueAsync(Cancel);

        Assert.Single(_slack.Got);
        Assert.Single(_teams.Got);
        Assert.Empty((await _rollout.StateAsync()).Outbox);
        Assert.Contains("pager", announcer.MissingChannels);
    }

    [Fact]
    public async Task A_Channel_That_Is_Down_Gets_It_Later_And_The_Others_Do_Not_Get_It_Twice_Also_After_A_Restart()
    {
        _teams.Answer = new SendResult("it answers 503");
        await FreezeAsync();
        Assert.Equal(["teams: it answers 503"], (await NewAnnouncer().SendDueAsync(Cancel)).Problems);
        Assert.Empty((await NewAnnouncer().SendDueAsync(Cancel)).Problems);

        _teams.Answer = SendResult.Ok;
        _rollout.Time.Advance(TimeSpan.FromMinutes(1));
        await NewAnnouncer().SendDueAsync(Cancel);

        Assert.Single(_slack.Got);
        Assert.Equal(2, _teams.Got.Count);
        Assert.Equal(_teams.Got[0].Id, _teams.Got[1].Id);
        Assert.Empty((await _rollout.StateAsync()).Outbox);
    }

    [Fact]
    public async Task What_A_Channel_Will_Never_Take_Is_Not_Tried_Again_And_Nothing_Is_Tried_For_Ever()
    {
        _slack.Answer = new SendResult("404: the webhook is gone", IsFinal: true);
        _teams.Answer = new SendResult("no answer");
        await FreezeAsync();
        for (int i = 0; i < 60; i++)
        {
            await NewAnnouncer().SendDueAsync(Cancel);
            _rollout.Time.Advance(TimeSpan.FromMinutes(30));
        }

        Assert.Single(_slack.Got);
        Assert.InRange(_teams.Got.Count, 40, 60);
        Assert.Empty((await _rollout.StateAsync()).Outbox);
    }

    [Fact]
    public async Task Of_Two_Senders_At_Once_One_Sends()
    {
        await FreezeAsync();
        Announcer other = NewAnnouncer();
        _slack.OnSend = () => other.SendDueAsync(Cancel);

        await NewAnnouncer().SendDueAsync(Cancel);

        Assert.Single(_slack.Got);
        Assert.Single(_teams.Got);
        Assert.Empty((await _rollout.StateAsync()).Outbox);
    }

    [Fact]
    public async Task A_Sender_That_Dies_Is_Taken_Over_When_Its_Claim_Is_Over()
    {
        await FreezeAsync();
        _slack.OnSend = () => throw new OperationCanceledException("killed");
        await Assert.ThrowsAsync<OperationCanceledException>(() => NewAnnouncer().SendDueAsync(Cancel));

        _slack.OnSend = null;
        await NewAnnouncer().SendDueAsync(Cancel);
        Assert.Single(_slack.Got);
        _rollout.Time.Advance(TimeSpan.FromMinutes(5));
        await NewAnnouncer().SendDueAsync(Cancel);

        Assert.Equal(2, _slack.Got.Count);
        Assert.Equal(_slack.Got[0].Id, _slack.Got[1].Id);
        Assert.Empty((await _rollout.StateAsync()).Outbox);
    }

    [Fact]
    public async Task A_Channel_That_Throws_Keeps_Nothing_From_The_Others()
    {
        await FreezeAsync();
        _slack.OnSend = () => throw new InvalidOperationException("secret inside");

        Assert.Equal(["slack: it failed with InvalidOperationException"], (await NewAnnouncer().SendDueAsync(Cancel)).Problems);

        Assert.Single(_teams.Got);
        Assert.Equal(["teams"], Assert.Single((await _rollout.StateAsync()).Outbox).Delivered);
    }

    [Fact]
    public async Task The_Report_Says_What_Was_Delivered_Where_And_What_Reached_Nobody()
    {
        _teams.Answer = new SendResult("it answers 503");
        await FreezeAsync();

        DeliveryReport some = await NewAnnouncer().SendDueAsync(Cancel);
        await _rollout.Control.RunAsync("unfreeze", RolloutFixture.By("ada"), Cancel);
        DeliveryReport none = await new Announcer(_rollout.States, [], _rollout.Time).SendDueAsync(Cancel);

        Assert.Equal(["'The rollout is frozen in phase half': slack has it, teams does not have it yet (it answers 503)"], some.Describe());
        Assert.Contains("'The rollout is no longer frozen in phase half': nobody was told, because no configured channel takes the topic rollout-changed (Announcements:Channels)", none.Describe());
    }

    [Fact]
    public async Task A_Refused_Message_Is_Said_To_Be_Lost_And_Keeps_The_Channel_Open_For_The_Next()
    {
        _slack.Answer = new SendResult("refused the message (400)", IsFinal: true);
        await FreezeAsync();
        await _rollout.Control.RunAsync("unfreeze", RolloutFixture.By("ada"), Cancel);

        DeliveryReport report = await NewAnnouncer().SendDueAsync(Cancel);

        Assert.Equal(2, _slack.Got.Count);
        Assert.Equal("'The rollout is frozen in phase half': slack will not get it (refused the message (400)), teams has it", report.Describe()[0]);
    }

    private Announcer NewAnnouncer() => new(_rollout.States, [_slack, _teams], _rollout.Time);

    private Task<OperationResult> FreezeAsync() => _rollout.Control.RunAsync("freeze", RolloutFixture.By("ada", "holidays"), Cancel);

    private sealed class Channel(string name) : IAnnouncementChannel
    {
        public string Name => name;

        public List<Announcement> Got { get; } = [];

        public SendResult Answer { get; set; } = SendResult.Ok;

        public Func<Task>? OnSend { get; set; }

        public async Task<SendResult> SendAsync(Announcement announcement, CancellationToken cancellationToken)
        {
            Got.Add(announcement);
            await (OnSend?.Invoke() ?? Task.CompletedTask);
            return Answer;
        }
    }
}
