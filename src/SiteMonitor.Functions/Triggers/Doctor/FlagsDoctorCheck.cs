using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Checks that the flags can be read from the store now, and that none is missing.</summary>
internal sealed class FlagsDoctorCheck(FlagSource source) : IDoctorCheck
{
    public string Name => "flags";

    public int Order => 70;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        await source.RefreshAsync(cancellationToken);
        FlagHealth health = source.Health;
        const string Advice =
            "Check AppConfiguration:Endpoint and the identity's role (App Configuration Data Reader), or the file in FeatureFlags:File.";
        List<Finding> findings = [.. health.Warnings.Select(warning => Finding.Failure(warning, Advice))];
        if (health.Missing.Count > 0)
        {
            findings.Add(Finding.Warning(health.MissingSummary, FlagHealth.MissingAdvice));
        }

        return findings.Count > 0
            ? findings
            : [Finding.Ok(FormattableString.Invariant(
                $"{health.Store}: all {FlagNames.All.Count} flags, revision {health.Revision}, read in {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms."))];
    }
}
