using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Doctor;

namespace SiteMonitor.Tests.Functions.Triggers.Doctor;

public sealed class DoctorRunnerTests
{
    [Fact]
    public async Task A_Check_That_Breaks_Is_A_Finding_And_The_Others_Go_On()
    {
        DoctorRunner diagnosis = new([new Check("second", 2, () => [Finding.Ok("fine")]), new Check("first", 1, () => throw new InvalidOperationException("secret"))], TimeProvider.System);

        DoctorReport report = await diagnosis.RunAsync(fix: false, TestContext.Current.CancellationToken);

        Assert.Equal(["first", "second"], report.Findings.Select(f => f.Check));
        Assert.False(report.IsHealthy);
        Assert.DoesNotContain("secret", report.Findings[0].Detail, StringComparison.Ordinal);
    }

    private sealed class Check(string name, int order, Func<IReadOnlyList<Finding>> find) : IDoctorCheck
    {
        public string Name => name;

        public int Order => order;

        public Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken) => Task.FromResult(find());
    }
}
