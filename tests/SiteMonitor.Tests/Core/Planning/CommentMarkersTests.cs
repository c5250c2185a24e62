using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Planning;

public sealed class CommentMarkersTests
{
    private static readonly IssueSnapshot Issue = IssueBuilder.Discovered.Build();

    [Fact]
    public void A_Comment_Is_Written_Once_Then_Left_Alone_Then_Replaced()
    {
        CommentChange first = Put(Issue, "text")!;
        IssueSnapshot commented = With(new OwnComment("C1", first.Body, default));

        Assert.Null(first.NodeId);
        Assert.Null(Put(commented, "text"));
        Assert.Equal("C1", Put(commented, "other")!.NodeId);
    }

    [Fact]
    public void A_Comment_Is_Known_By_Its_Kind_And_The_Newest_Counts()
    {
        string body = Put(Issue, "text")!.Body;
        IssueSnapshot commented = With(new OwnComment("C1", body, default), new OwnComment("C2", body, default), new OwnComment("C3", "other", default));

        Assert.Equal("C2", CommentMarkers.Find(commented, CommentKind.Failed, Domain.Markers)?.NodeId);
        Assert.Null(CommentMarkers.Find(commented, CommentKind.Waiting, Domain.Markers));
    }

    [Fact]
    public void A_Comment_That_Tells_Of_Trouble_Is_Settled_Once_And_Told_Anew_In_The_Same_Place()
    {
        IssueSnapshot troubled = With(new OwnComment("C1", Put(Issue, "text")!.Body, default));

        OutdatedComment stale = Assert.Single(CommentMarkers.FindOutdated(troubled, Domain.Markers));
        CommentChange settled = CommentMarkers.CreateResolvedChange(Issue.Ref, stale, Domain.Markers);
        IssueSnapshot after = With(new OwnComment("C1", settled.Body, default));

        Assert.Equal(("C1", CommentKind.Failed), (settled.NodeId, stale.Kind));
        Assert.Empty(CommentMarkers.FindOutdated(after, Domain.Markers));
        Assert.Equal("C1", Put(after, "text")!.NodeId);
    }

    [Fact]
    public void GitHubs_Line_Ends_Make_No_Difference()
    {
        string body = Put(Issue, "one\n\ntwo")!.Body.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n";

        Assert.Null(Put(With(new OwnComment("C1", body, default)), "one\n\ntwo"));
    }

    [Fact]
    public void A_Quotation_Or_A_Mark_From_Another_Issue_Is_Not_Our_Comment()
    {
        string quoted = $"> {Put(Issue, "text")!.Body}\n\nI disagree";
        string foreign = CommentMarkers.CreateChange(IssueBuilder.Discovered.WithNumber(13).Build(), CommentKind.Failed, "text", Domain.Markers)!.Body;

        Assert.Null(CommentMarkers.Find(With(new OwnComment("C1", quoted, default), new OwnComment("C2", foreign, default)), CommentKind.Failed, Domain.Markers));
    }

    [Fact]
    public void A_Long_Text_Is_Cut_To_GitHubs_Limit_And_Keeps_Its_Mark()
    {
        string body = Put(Issue, string.Concat(Enumerable.Repeat("🤖", 50_000)))!.Body;

        Assert.InRange(body.Length, GuidanceSection.MaxBodyLength - 3, GuidanceSection.MaxBodyLength);
        Assert.NotNull(CommentMarkers.Find(With(new OwnComment("C1", body, default)), CommentKind.Failed, Domain.Markers));
        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void Every_Kind_Has_A_Mark_Of_Its_Own() =>
        Assert.Equal(7, Enum.GetValues<CommentKind>().Select(kind => CommentMarkers.GetMarker(Issue.Ref, kind, Domain.Markers)).Distinct().Count());

    private static CommentChange? Put(IssueSnapshot issue, string text) => CommentMarkers.CreateChange(issue, CommentKind.Failed, text, Domain.Markers);

    private static IssueSnapshot With(params OwnComment[] comments) => Issue with { OwnComments = comments };
}
