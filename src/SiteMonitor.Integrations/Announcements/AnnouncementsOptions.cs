using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>Settings <c>Announcements:…</c>: the channels that the contacts of the rollout plan name.</summary>
public sealed class AnnouncementsOptions : BoundSettings
{
    public const string Section = "Announcements";

    /// <summary>By the name in the plan: <c>Announcements:Channels:slack:Url</c>.</summary>
    public Dictionary<string, ChannelOptions> Channels { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Time-out of one attempt. Default 10 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Immediate retries after a transient failure, 0 to 5; the outbox repeats what still fails. Default 2.</summary>
    public int Retries { get; set; } = 2;
}

internal sealed class AnnouncementsOptionsValidator : IValidateOptions<AnnouncementsOptions>
{
    public ValidateOptionsResult Validate(string? name, AnnouncementsOptions options)
    {
        SettingsProblems problems = new(AnnouncementsOptions.Section, options);
        problems.RequireBetween(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        problems.RequireBetween(nameof(options.Retries), options.Retries, 0, 5);
        foreach ((string channel, ChannelOptions settings) in options.Channels)
        {
            Check($"{nameof(options.Channels)}:{channel}", ChannelKinds.Of(channel, settings), settings, problems);
        }

        return problems.ToResult();
    }

    private static void Check(string setting, string kind, ChannelOptions channel, SettingsProblems problems)
    {
        if (!ChannelKinds.All.Contains(kind))
        {
            problems.Add($"{setting}:{nameof(channel.Kind)}", $"is not a kind of channel: use {string.Join(", ", ChannelKinds.All)}.");
        }
        else if (kind == ChannelKinds.Issue)
        {
            problems.AddIf(!IssueRef.TryParse(channel.Issue, out _), $"{setting}:{nameof(channel.Issue)}",
                "is not an issue: write owner/name#12, the issue to comment on.");
        }
        else
        {
            problems.RequireAddress($"{setting}:{nameof(channel.Url)}", channel.Url);
        }
    }
}

/// <summary>The supported kinds of channels.</summary>
internal static class ChannelKinds
{
    public const string Slack = "slack";
    public const string Teams = "teams";
    public const string Issue = "issue";
    public const string Webhook = "webhook";

    public static IReadOnlyList<string> All { get; } = [Slack, Teams, Issue, Webhook];

    public static string Of(string name, ChannelOptions channel)
    {
        string kind = (channel.Kind.Length > 0 ? channel.Kind : name).ToLowerInvariant();
        return All.Contains(kind) || channel.Kind.Length > 0 ? kind : Webhook;
    }
}

/// <summary>One channel.</summary>
public sealed class ChannelOptions
{
    /// <summary><c>slack</c>, <c>teams</c>, <c>issue</c> or <c>webhook</c>; if empty, derived from the channel's name.</summary>
    public string Kind { get; set; } = string.Empty;

    /// <summary>The incoming webhook's address. A secret: anybody who has it can post.</summary>
    public string Url { get; set; } = string.Empty;

    /// <summary>For <c>webhook</c>: the value of the header <c>Authorization</c>. A secret.</summary>
    public string Authorization { get; set; } = string.Empty;

    /// <summary>For <c>issue</c>: the issue to comment on, <c>owner/name#12</c>.</summary>
    public string Issue { get; set; } = string.Empty;
}
