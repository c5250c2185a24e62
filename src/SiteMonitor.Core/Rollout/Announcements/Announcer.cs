using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Announcements;

/// <summary>Sends what waits in the rollout's state, and marks what arrived: an announcement is written with the change it tells of, so none is lost by a crash.</summary>
public sealed class Announcer(RolloutStates states, IEnumerable<IAnnouncementChannel> channels, TimeProvider time)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)];
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    private readonly Dictionary<string, IAnnouncementChannel> _channels = channels.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Channels the plan names that are not set up: what would go there is not sent.</summary>
    public IReadOnlyList<string> MissingChannels => [.. states.Plan.Contacts.SelectMany(c => c.Channels).Distinct().Where(c => !_channels.ContainsKey(c)).Order(StringComparer.Ordinal)];

    /// <summary>Sends what is due, one announcement after the other, its channels side by side. A channel that failed is not tried again for the next ones of this call.</summary>
    /// <returns>What could not be sent, for people.</returns>
    public async Task<IReadOnlyList<string>> SendDueAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, string> problems = [];
        while (await ClaimAsync(cancellationToken) is { } announcement)
        {
            await SendAsync(announcement, problems, cancellationToken);
        }

        return [.. problems.Select(p => $"{p.Key}: {p.Value}")];
    }

    // Two senders (an operator's request and the guard's minute, two instances) never both send one: who claims it first does, and has some minutes for it.
    private async Task<Announcement?> ClaimAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            DateTimeOffset now = time.GetUtcNow();
            Announcement? due = stored.State.Outbox.FirstOrDefault(a => a.NextTry is null || a.NextTry <= now);
            var edit = new RolloutEdit(stored.State, now);
            edit.State = edit.State with { Outbox = [.. edit.State.Outbox.Select(a => ReferenceEquals(a, due) ? a with { NextTry = now + Claim } : a)] };
            if (due is null || await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                return due;
            }
        }
    }

    private async Task SendAsync(Announcement announcement, Dictionary<string, string> problems, CancellationToken cancellationToken)
    {
        IAnnouncementChannel[] waiting = [.. ChannelsOf(announcement).Where(c => !announcement.Delivered.Contains(c.Name))];
        SendResult[] results = await Task.WhenAll(waiting.Select(c => problems.TryGetValue(c.Name, out string? before)
            ? Task.FromResult(new SendResult(before))
            : TryAsync(c, announcement, cancellationToken)));
        List<string> delivered = [.. announcement.Delivered];
        foreach ((IAnnouncementChannel channel, SendResult result) in waiting.Zip(results))
        {
            if (result.Problem is null || result.IsFinal)
            {
                delivered.Add(channel.Name);
            }

            if (result.Problem is { } problem)
            {
                problems[channel.Name] = problem;
            }
        }

        bool pending = waiting.Any(c => !delivered.Contains(c.Name));
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
