using System.Globalization;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.Sandbox.State;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.LocalHost.Scenarios;

public sealed class RollbackUnderLoadTests
{
    private static readonly string[] ShortLived = ["analyzing", "processing"];

    [Fact]
    public async Task With_A_Backlog_Running_A_Rollback_Stops_Unified_Writes_Within_Five_Seconds_And_Leaves_No_Issue_Half_Prepared()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        using TestDirectory directory = new();
        await using ScenarioHost host = await ScenarioHost.StartAsync(directory.Path, RepositoryRoot.Path, "full", cancel);
        new ScenarioIssues(host.GitHub).Open(120);
        while (host.GitHub.Writes.Count(IsUnifiedText) < 20)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancel);
        }

        DateTimeOffset asked = host.Clock.GetUtcNow();
        await host.OperateAsync("rollout/rollback", new OperatorRequest { Operator = "ada", Reason = "it burns" }, cancel);
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancel);
        DateTimeOffset limit = host.Clock.GetUtcNow();
        await host.RunUntilIdleAsync(cancel);

        WriteEntry[] unified = [.. host.GitHub.Writes.Where(IsUnifiedText)];
        double seconds = (unified[^1].At - asked).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{unified.Length} of 120 issues prepared; the last unified write came {seconds:0.000} s after the rollback was asked for."));
        Assert.True(unified.Length < 120, "The backlog was done before the rollback.");
        Assert.All(unified, w => Assert.True(w.At <= limit, $"{w.Issue} was written {(w.At - asked).TotalSeconds} s after the rollback"));
        string[] prepared = [.. unified.Select(w => w.Issue)];
        Assert.All(host.GitHub.Issues(), issue =>
        {
            Assert.DoesNotContain(issue.Labels, ShortLived.Contains);
            bool handedOver = issue.Labels.Contains("copilot-assigned");
            Assert.Equal(prepared.Contains($"octo-org/watchtower#{issue.Number}"), handedOver);
        });
    }

    /// <summary>Only the unified preparation assigns Copilot.</summary>
    private static bool IsUnifiedText(WriteEntry write) => write is { Kind: WriteKind.Assigned, Effective: true };
}
