using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Forecast;

public sealed class AdmissionForecastTests
{
    private static readonly UsageLimits NoLimits = new()
    {
        IssuesPerAuthorPerDay = null,
        CopilotSessionsPerHour = null,
        CopilotSessionsPerDay = null,
        DollarsPerHour = null,
        DollarsPerDay = null,
    };

    [Fact]
    public void Without_Limits_All_Are_Through_On_The_First_Day() => Assert.Equal(new AdmissionForecast(500, 1), Of(NoLimits, ("mallory", 500)));

    [Fact]
    public void The_Author_With_Most_Issues_Takes_Longest_And_The_Others_Are_Not_Held_Up() =>
        Assert.Equal(new AdmissionForecast(50 + 20, 3), Of(NoLimits with { IssuesPerAuthorPerDay = 50 }, ("mallory", 60), ("MALLORY", 41), ("alice", 20)));

    [Fact]
    public void A_Trusted_Author_Has_No_Limit_Of_Its_Own() => Assert.Equal(
        new AdmissionForecast(300, 1),
        Of(NoLimits with { IssuesPerAuthorPerDay = 1, TrustedAuthors = ["Kim"] }, ("monitor[bot]", 200), ("kim", 100)));

    [Theory]
    [InlineData(40, null, 40, 3)]
    [InlineData(40, 1, 24, 5)]
    [InlineData(null, 2, 48, 3)]
    [InlineData(0, null, 0, null)]
    public void Sessions_Of_An_Hour_And_A_Day_Count_Whichever_Is_Less(int? perDay, int? perHour, int firstDay, int? days) => Assert.Equal(
        new AdmissionForecast(firstDay, days),
        Of(NoLimits with { CopilotSessionsPerDay = perDay, CopilotSessionsPerHour = perHour }, ("kim", 100)));

    [Theory]
    [InlineData(0.03, 34, 3)]
    [InlineData(2.0, 1, 100)]
    [InlineData(null, 100, 1)]
    public void Dollars_Count_By_The_Mean_And_The_Last_Issue_May_Exceed_The_Limit(double? each, int firstDay, int days) => Assert.Equal(
        new AdmissionForecast(firstDay, days),
        AdmissionForecast.Of(NoLimits with { DollarsPerDay = 1 }, [.. Enumerable.Repeat("kim", 100)], 1, (decimal?)each));

    private static AdmissionForecast Of(UsageLimits limits, params (string Author, int Issues)[] authors) =>
        AdmissionForecast.Of(limits, [.. authors.SelectMany(a => Enumerable.Repeat(a.Author, a.Issues))], sessions: 1, dollars: null);
}
