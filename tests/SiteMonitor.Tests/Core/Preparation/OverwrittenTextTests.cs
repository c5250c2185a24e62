using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

public sealed class OverwrittenTextTests
{
    private const string Original = "The finding.\r\nIts second line.";
    private const string Theirs = "The finding.\r\nA line a person added.\r\nIts second line.";

    private static readonly IssueRef Issue = IssueRef.Parse("octo-org/site#7");
    private static readonly GuidanceMarkers Markers = new("a secret for tests");
    private static readonly string Ours = GuidanceSection.Apply(Original, "## Instructions", Issue, Markers);

    [Fact]
    public void An_edit_between_our_read_and_our_write_is_found() => Assert.Equal(Theirs, Find(Ours, (true, Ours), (false, Theirs), (false, Original)));

    [Fact]
    public void An_edit_that_our_write_has_in_it_is_not_lost()
    {
        string both = GuidanceSection.Apply(Theirs, "## Instructions", Issue, Markers);

        Assert.Null(Find(both, (true, both), (false, Theirs), (false, Original)));
    }

    [Fact]
    public void A_new_text_from_somebody_who_acts_with_our_credential_stays()
    {
        const string Replaced = "The monitoring job has looked again: all is well.";

        Assert.Null(Find(Replaced, (true, Replaced), (false, Theirs), (false, Original)));
    }

    private static string? Find(string body, params (bool ByUs, string Body)[] edits) => OverwrittenText.Find(
        new IssueSnapshot
        {
            Ref = Issue,
            NodeId = "I_7",
            Title = "Finding",
            Body = body,
            IsOpen = true,
            Labels = [],
            Assignees = [],
            Edits = [.. edits.Select((edit, i) => new BodyEdit(edit.ByUs, DateTimeOffset.UnixEpoch.AddHours(-i), edit.Body))],
        },
        Markers);
}
