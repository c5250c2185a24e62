using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Announcements;

/// <summary>Sends what waits in the rollout's state, and marks what arrived: an announcement is written with the change it tells of, so none is lost by a crash.</summary>
public sealed class Announcer(RolloutStates states, IEnumerable<IAnnouncementChannel> channels, TimeProvider time)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)];
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    private readonly Dictionary<string, IAnnouncementChannel> _channels = channels.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Channels the plan names that are not set up: what would go there is not sent.</summary>
    public IReadOnlyList<string> Missing => [.. states.Plan.Contacts.SelectMany(c => c.Channels).Distinct().Where(c => !_channels.ContainsKey(c)).Order(StringComparer.Ordinal)];

    /// <summary>Sends everything that is due.</summary>
    /// <returns>What could not be sent, for people.</returns>
    public async Task<IReadOnlyList<string>> SendDueAsync(CancellationToken cancellationToken)
    {
        List<string> problems = [];
        foreach (Announcement announcement in await ClaimDueAsync(cancellationToken))
        {
            await SendAsync(announcement, problems, cancellationToken);
        }

        return problems;
    }

    // Two senders (an operator's request and the guard's minute, two instances) never both send one: who claims it first does, and has some minutes for it.
    private async Task<IReadOnlyList<Announcement>> ClaimDueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            Announcement[] due = [.. stored.State.Outbox.Where(a => a.NextTry is null || a.NextTry <= now)];
            var edit = new RolloutEdit(stored.State, now);
            edit.State = edit.State with { Outbox = [.. edit.State.Outbox.Select(a => due.Contains(a) ? a with { NextTry = now + Claim } : a)] };
            if (due.Length == 0 || await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                return due;
            }
        }
    }

    private async Task SendAsync(Announcement announcement, List<string> problems, CancellationToken cancellationToken)
    {
        List<string> delivered = [.. announcement.Delivered];
        bool pending = false;
        foreach (IAnnouncementChannel channel in ChannelsOf(announcement).Where(c => !delivered.Contains(c.Name)))
        {
            SendResult result = await TryAsync(channel, announcement, cancellationToken);
            pending |= result is { Problem: not null, IsFinal: false };
            if (result.Problem is null || result.IsFinal)
            {
                delivered.Add(channel.Name);
            }

            if (result.Problem is { } problem)
            {
                problems.Add($"{channel.Name}: {problem}");
            }
        }

        bool finished = !pending || time.GetUtcNow() - announcement.At > GiveUpAfter;
        await MarkAsync(announcement with { Delivered = delivered, Tries = announcement.Tries + 1, NextTry = time.GetUtcNow() + Pauses[Math.Min(announcement.Tries, Pauses.Length - 1)] }, finished, cancellationToken);
    }

    // One channel's fault keeps nothing from the others.
    private static async Task<SendResult> TryAsync(IAnnouncementChannel channel, Announcement announcement, CancellationToken cancellationToken)
    {
        try
        {
            return await channel.SendAsync(announcement, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new SendResult($"it failed with {exception.GetType().Name}");
        }
    }

    private IEnumerable<IAnnouncementChannel> ChannelsOf(Announcement announcement) => states.Plan.Contacts
        .Where(c => announcement.Contact is null ? Concerns(c, announcement.Topic) : c.Name == announcement.Contact)
        .SelectMany(c => c.Channels)
        .Distinct()
        .Select(c => _channels.GetValueOrDefault(c))
        .OfType<IAnnouncementChannel>();

    private static bool Concerns(Contact contact, string topic) => contact.Topics.Contains("*") || contact.Topics.Contains(topic);

    private async Task MarkAsync(Announcement announcement, bool finished, CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            var edit = new RolloutEdit(stored.State, time.GetUtcNow());
            edit.State = edit.State with
            {
                Outbox = finished
                    ? [.. edit.State.Outbox.Where(a => a.Id != announcement.Id)]
                    : [.. edit.State.Outbox.Select(a => a.Id == announcement.Id ? announcement : a)],
            };
            if (await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                return;
            }
        }
    }
}
