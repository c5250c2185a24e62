using System.Globalization;
using Microsoft.Extensions.Configuration;
using SiteMonitor.LocalHost.Functions.Timers;

namespace SiteMonitor.Tests.LocalHost.Functions.Timers;

public sealed class TimerScheduleTests
{
    private static readonly IConfiguration Settings = new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Guard:Schedule"] = "0 */1 * * * *" }).Build();

    [Theory]
    [InlineData("0 0 */4 * * *", "2026-03-01T03:59:59Z", "2026-03-01T04:00:00Z")]
    [InlineData("0 0 */4 * * *", "2026-03-01T04:00:00Z", "2026-03-01T08:00:00Z")]
    [InlineData("*/5 * * * * *", "2026-03-01T00:00:01Z", "2026-03-01T00:00:05Z")]
    [InlineData("0 30 9 * * 1-5", "2026-02-28T00:00:00Z", "2026-03-02T09:30:00Z")]
    [InlineData("%Guard:Schedule%", "2026-03-01T00:00:30Z", "2026-03-01T00:01:00Z")]
    [InlineData("02:00:00", "2026-03-01T00:00:30Z", "2026-03-01T02:00:30Z")]
    public void The_Next_Occurrence_Follows_The_Expression_In_UTC(string schedule, string after, string expected) =>
        Assert.Equal(Utc(expected), TimerSchedule.Parse(schedule, Settings).NextAfter(Utc(after)));

    [Theory]
    [InlineData("0 */4 * * *", "six fields")]
    [InlineData("hourly", "six fields")]
    [InlineData("00:00:00", "six fields")]
    [InlineData("%Guard:Missing%", "The setting 'Guard:Missing' is missing")]
    public void A_Wrong_Schedule_Is_Refused_With_What_To_Write(string schedule, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<FormatException>(() => TimerSchedule.Parse(schedule, Settings)).Message, StringComparison.Ordinal);

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
