using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Reporting;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Checks that announcements and incidents reach somebody.</summary>
internal sealed class AnnouncementsDoctorCheck(Announcer announcer) : IDoctorCheck
{
    public string Name => "announcements";

    public int Order => 100;

    public Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        string missing = string.Join(", ", announcer.MissingChannels);
        return Task.FromResult<IReadOnlyList<Finding>>(announcer.HasChannels
            ? [Finding.Ok(missing.Length == 0
                ? "Every channel that the plan names is configured."
                : $"At least one channel is configured. The plan also names {missing}, which no setting configures.")]
            : [Finding.Warning(
                "No announcement channel is configured: nobody is told of phases, rollbacks and incidents.",
                $"Configure at least one of the channels that the plan names ({missing}) under Announcements:Channels.")]);
    }
}
