using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Announcements;

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
            problems.AddIf(!IssueRef.TryParse(channel.Issue, out _), $"{setting}:{nameof(channel.Issue)}", "is not an issue: write owner/name#12, the issue to comment on.");
        }
        else
        {
            problems.RequireAddress($"{setting}:{nameof(channel.Url)}", channel.Url);
        }
    }
}
