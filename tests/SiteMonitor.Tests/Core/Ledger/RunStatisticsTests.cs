using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class RunStatisticsTests
{
    [Fact]
    public void A_Run_That_A_Person_Made_Skip_Its_Work_Counts_Too()
    {
        RunRecord skipped = Records.Run(1, RunOutcome.Skipped) with { ManualIntervention = true };
        RunRecord done = Records.Run(2, RunOutcome.Succeeded) with { ManualIntervention = true };
        RunRecord completion = Records.Run(3, RunOutcome.Succeeded) with { Kind = RunKind.Completion, ManualIntervention = true };

        RunStatistics figures = new([skipped, done, completion]);

        Assert.Equal((2, 1), (figures.ManualInterventions, figures.Counted.Count));
    }
}
