using NCrontab;

namespace SiteMonitor.LocalHost.Functions.Timers;

/// <summary>A timer's schedule in UTC: a six-field NCRONTAB expression or an interval, directly or by a setting's name.</summary>
internal sealed class TimerSchedule
{
    private static readonly CrontabSchedule.ParseOptions SixFields = new() { IncludingSeconds = true };
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _interval;

    private TimerSchedule(string text, CrontabSchedule? cron, TimeSpan interval) => (Text, _cron, _interval) = (text, cron, interval);

    /// <summary>The expression, after looking up its setting.</summary>
    public string Text { get; }

    /// <exception cref="FormatException">The schedule is invalid; the message says what to write.</exception>
    public static TimerSchedule Parse(string schedule, IConfiguration settings)
    {
        string text = schedule;
        if (schedule is ['%', .. var name, '%'])
        {
            text = settings[name] is { Length: > 0 } value ? value
                : throw new FormatException(
                    $"The setting '{name}' is missing; write a six-field NCRONTAB expression there, such as '0 0 */4 * * *'.");
        }

        if (CrontabSchedule.TryParse(text, SixFields) is { } cron)
        {
            return new TimerSchedule(text, cron, default);
        }

        return TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out TimeSpan interval) && interval > TimeSpan.Zero
            ? new TimerSchedule(text, null, interval)
            : throw new FormatException(
                $"'{text}' is no schedule: write six fields (second minute hour day month weekday), such as '0 0 */4 * * *', " +
                    "or an interval 'hh:mm:ss'.");
    }

    /// <summary>Returns the first occurrence after that time.</summary>
    public DateTime NextAfter(DateTime utc) => _cron is null ? utc + _interval : _cron.GetNextOccurrence(utc);
}
