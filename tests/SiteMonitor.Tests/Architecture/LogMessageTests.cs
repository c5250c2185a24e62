using System.Globalization;
using System.Text.RegularExpressions;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Architecture;

/// <summary>Every log message has an event id of its own, so that an id finds one place in the code.</summary>
public sealed partial class LogMessageTests
{
    [Fact]
    public void Event_Ids_Are_Unique_In_The_Repository()
    {
        ILookup<int, string> places = ReadMessages()
            .ToLookup(message => int.Parse(message.Match.Groups["id"].Value, CultureInfo.InvariantCulture), message => message.File);

        Assert.NotEmpty(places);
        Assert.Empty(places.Where(place => place.Count() > 1).Select(place => $"{place.Key}: {string.Join(", ", place)}"));
    }

    [Fact]
    public void Log_Messages_Are_Written_In_One_Form()
    {
        string[] others = [.. ReadMessages().Where(message => !message.Match.Groups["level"].Success).Select(message => message.File).Distinct()];

        Assert.Empty(others);
    }

    private static IEnumerable<(string File, Match Match)> ReadMessages() =>
        from file in Directory.EnumerateFiles(RepositoryRoot.File("src"), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(RepositoryRoot.Path, file)
        where !relative.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin")
        from Match match in LoggerMessage().Matches(File.ReadAllText(file))
        select (relative, match);

    [GeneratedRegex(@"\[LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)(?<level>,\s*LogLevel\.\w+,)?", RegexOptions.ExplicitCapture)]
    private static partial Regex LoggerMessage();
}
