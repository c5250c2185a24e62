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
    public void An_Edit_Between_Our_Read_And_Our_Write_Is_Found() => Assert.Equal(Theirs, Find(Ours, (true, Ours), (false, Theirs), (false, Original)));

    [Fact]
    public void An_Edit_That_Our_Write_Has_In_It_Is_Not_Lost()
    {
        string both = GuidanceSection.Apply(Theirs, "## Instructions", Issue, Markers);

        Assert.Null(Find(both, (true, both), (false, Theirs), (false, Original)));
    }

    [Fact]
    public void A_New_Text_From_Somebody_Who_Acts_With_Our_Credential_Stays()
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
