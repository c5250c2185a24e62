using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Functions.Triggers.Doctor;

/// <summary>Runs the checks one after the other. A check that fails or hangs is a finding too.</summary>
public sealed class DoctorRunner(IEnumerable<IDoctorCheck> checks, TimeProvider time)
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(25);

    public async Task<DoctorReport> RunAsync(bool fix, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        foreach (IDoctorCheck check in checks.OrderBy(c => c.Order))
        {
            IReadOnlyList<Finding> found = await RunAsync(check, fix, cancellationToken);
            findings.AddRange(found.Select(f => f with { Check = check.Name }));
        }

        return new DoctorReport { Findings = findings };
    }

    private async Task<IReadOnlyList<Finding>> RunAsync(IDoctorCheck check, bool fix, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(CheckTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await check.CheckAsync(fix, both.Token);
        }
        catch (PipelineException failure)
        {
            return [Finding.Failure(failure.Message, "Mend that, then run the doctor again.")];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string detail = FormattableString.Invariant($"No response within {CheckTimeout.TotalSeconds} s.");
            return [Finding.Failure(detail, "Check the network from the application to it, and run the doctor again.")];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return [Finding.Failure($"The check failed with {exception.GetType().Name}.",
                "Run the doctor again. If the failure stays, it is a bug to report.")];
        }
    }
}
