using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class LedgerJsonTests
{
    [Fact]
    public void A_Record_Of_Version_1_Is_Read_And_What_It_Lacks_Is_Unknown()
    {
        RunRecord read = LedgerJson.Read("""
            {"version":1,"kind":"run","runId":"r1","issue":"o/r#1","trigger":"webhook","requestedStage":"auto",
             "stages":[{"stage":"analysis","logic":"unified","outcome":"succeeded","ms":7}],"route":"unified","outcome":"succeeded",
             "usage":{"gitHubReads":2,"gitHubWrites":4,"dollars":0.01},"durationMs":12,"started":"2026-03-01T10:00:00+00:00","ended":"2026-03-01T10:00:01+00:00"}
            """);

        Assert.Equal((1, RunKind.Run, Logic.Unified, 0.01m), (read.Version, read.Kind, read.Route, read.Usage.Dollars));
        Assert.Equal(new StageRecord(Stage.Analysis, Logic.Unified, RunOutcome.Succeeded, 7), Assert.Single(read.Stages));
        Assert.Null(read.LabelsBefore);
        Assert.Equal(("", "", "", 0), (read.ReasonCode, read.AuthorKey, read.Caller, read.Specialists.Count));
    }

    [Fact]
    public void A_Record_Is_Read_As_It_Was_Written()
    {
        RunRecord record = Records.Run(1, RunOutcome.Waiting) with
        {
            LabelsBefore = ["site-monitor"],
            LabelsAdded = ["needs-review"],
            LabelsRemoved = [],
            CommentNodeId = "IC_1",
            AuthorKey = UsageLimiter.GetAuthorKey("Kim"),
        };

        string json = LedgerJson.Write(record);

        Assert.Contains("""
            "kind":"run",
            """.Trim(), json, StringComparison.Ordinal);
        Assert.Contains("\"outcome\":\"waiting\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("kim", json, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(json, LedgerJson.Write(LedgerJson.Read(json)));
        Assert.Equal(2, LedgerJson.Read(json).Version);
    }
}
