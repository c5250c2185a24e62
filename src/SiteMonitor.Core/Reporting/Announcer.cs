using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>The result of sending announcements.</summary>
/// <param name="Deliveries">Each announcement and channel that was tried.</param>
/// <param name="Undeliverable">Announcements that no configured channel takes.</param>
public sealed record DeliveryReport(IReadOnlyList<Delivery> Deliveries, IReadOnlyList<Announcement> Undeliverable)
{
    /// <summary>What could not be sent, as display text.</summary>
    public IReadOnlyList<string> Problems =>
        [.. Deliveries.Where(d => d.Problem is not null).Select(d => $"{d.Channel}: {d.Problem}").Distinct()];

    /// <summary>What was delivered where, one line an announcement.</summary>
    public IReadOnlyList<string> Describe() =>
    [
        .. Deliveries.GroupBy(d => d.Title)
            .Select(g =>
                $"'{g.Key}': {string.Join(", ", g.Select(d => d.Describe()))}"),
        .. Undeliverable.Select(a =>
            $"'{a.Title}': nobody was told, because no configured channel takes the topic {a.Topic} (Announcements:Channels)"),
    ];
}

/// <summary>One try to deliver an announcement to a channel.</summary>
/// <param name="Problem">Null when the channel has it.</param>
/// <param name="IsFinal">Whether it is not tried again.</param>
public sealed record Delivery(string Title, string Channel, string? Problem, bool IsFinal)
{
    public string Describe() => (Problem, IsFinal) switch
    {
        (null, _) => $"{Channel} has it",
        (_, true) => $"{Channel} will not get it ({Problem})",
        _ => $"{Channel} does not have it yet ({Problem})",
    };
}

/// <summary>
/// Sends the announcements that wait in the rollout's state and records who has them.
/// An announcement is saved with the change it tells of, so a crash loses none.
/// </summary>
public sealed class Announcer(RolloutStateRepository states, IEnumerable<IAnnouncementChannel> channels, TimeProvider time)
{
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)];

    private static readonly TimeSpan ClaimDuration = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    private readonly Dictionary<string, IAnnouncementChannel> _channels = channels.ToDictionary(c => c.Name,
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Channels that the plan names and no setting configures.</summary>
    public IReadOnlyList<string> MissingChannels =>
    [
        .. states.Plan.Contacts.SelectMany(c => c.Channels).Distinct().Where(c => !_channels.ContainsKey(c)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether any channel of the plan is configured; without one, no announcement is delivered.</summary>
    public bool HasChannels => states.Plan.Contacts.SelectMany(c => c.Channels).Any(_channels.ContainsKey);

    /// <summary>
    /// Sends what is due, one announcement after the other, its channels side by side.
    /// A channel that failed is not tried again for the next ones of this call, unless it only refused that message.
    /// </summary>
    public async Task<DeliveryReport> SendDueAsync(CancellationToken cancellationToken)
    {
        List<Delivery> deliveries = [];
        List<Announcement> undeliverable = [];
        while (await ClaimAsync(cancellationToken) is { } announcement)
        {
            IAnnouncementChannel[] all = [.. FindChannels(announcement)];
            if (all.Length == 0)
            {
                undeliverable.Add(announcement);
            }

            await SendAsync(announcement, [.. all.Where(c => !announcement.Delivered.Contains(c.Name))], deliveries, cancellationToken);
        }

        return new DeliveryReport(deliveries, undeliverable);
    }

    // Two senders (an operator's request and the guard's minute, or two instances) never both send one: the first to claim it has some
    // minutes for it.
    private async Task<Announcement?> ClaimAsync(CancellationToken cancellationToken)
    {
        Announcement? due = null;
        await states.UpdateUntilSavedAsync(
            edit =>
            {
                due = edit.State.Outbox.FirstOrDefault(a => a.NextTry is null || a.NextTry <= edit.Now);
                if (due is not null)
                {
                    Announcement claimed = due with { NextTry = edit.Now + ClaimDuration };
                    edit.State = edit.State with { Outbox = [.. edit.State.Outbox.Select(a => a.Id == due.Id ? claimed : a)] };
                }
            },
            cancellationToken);
        return due;
    }

    private async Task SendAsync(
        Announcement announcement, IAnnouncementChannel[] waiting, List<Delivery> deliveries, CancellationToken cancellationToken)
    {
        SendResult[] results = await Task.WhenAll(waiting.Select(c =>
            deliveries.FindLast(d => d.Channel == c.Name) is { Problem: { } problem, IsFinal: false }
            ? Task.FromResult(new SendResult(problem))
            : TrySendAsync(c, announcement, cancellationToken)));
        List<string> delivered = [.. announcement.Delivered];
        foreach ((IAnnouncementChannel channel, SendResult result) in waiting.Zip(results))
        {
            deliveries.Add(new Delivery(announcement.Title, channel.Name, result.Problem, result.IsFinal));
            if (result.Problem is null || result.IsFinal)
            {
                delivered.Add(channel.Name);
            }
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isFinished = waiting.All(c => delivered.Contains(c.Name)) || now - announcement.At > GiveUpAfter;
        Announcement tried = announcement with
        {
            Delivered = delivered,
            Tries = announcement.Tries + 1,
            NextTry = now + Pauses[Math.Min(announcement.Tries, Pauses.Length - 1)],
        };
        await states.UpdateUntilSavedAsync(
            edit => edit.State = edit.State with
            {
                Outbox = isFinished
                    ? [.. edit.State.Outbox.Where(a => a.Id != announcement.Id)]
                    : [.. edit.State.Outbox.Select(a => a.Id == announcement.Id ? tried : a)],
            },
            cancellationToken);
    }

    // One channel's fault keeps nothing from the others.
    private static async Task<SendResult> TrySendAsync(
        IAnnouncementChannel channel, Announcement announcement, CancellationToken cancellationToken)
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

    private IEnumerable<IAnnouncementChannel> FindChannels(Announcement announcement) => states.Plan.Contacts
        .Where(c =>
            announcement.Contact is null ? c.Topics.Contains("*") || c.Topics.Contains(announcement.Topic) : c.Name == announcement.Contact)
        .SelectMany(c => c.Channels)
        .Distinct()
        .Select(c => _channels.GetValueOrDefault(c))
        .OfType<IAnnouncementChannel>();
}
