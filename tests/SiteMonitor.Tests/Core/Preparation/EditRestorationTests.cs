using FsCheck.Xunit;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Preparation;

[Properties(Arbitrary = [typeof(HostileText)])]
public sealed class EditRestorationTests
{
    private const string Basis = "first line\nsecond line\nthird line";
    private static readonly IssueSnapshot Issue = IssueBuilder.Labelled("osint-researcher", "processing").WithBody(Basis).Build();
    private static readonly string Written = Ours(Basis);

    [Fact]
    public void Without_An_Edit_In_Between_Nothing_Is_Written() => Assert.Null(Restore(Written, (true, Written), (false, Basis)));

    [Fact]
    public void An_Edit_Between_Our_Read_And_Our_Write_Is_Put_Back_With_Our_Section()
    {
        const string Edited = "first line\nsecond line, corrected\nthird line";

        Assert.Equal(Ours(Edited), Restore(Written, (true, Written), (false, Edited), (false, Basis)));
    }

    [Property]
    public bool Any_Text_A_Person_Wrote_In_Between_Is_Whole_Again(HostileText edited)
    {
        string? restored = Restore(Written, (true, Written), (false, edited.Value), (false, Basis));
        return restored is null
            ? edited.Value.Trim() == Basis
            : GuidanceSection.Remove(restored, Issue.Ref, Domain.Markers) == edited.Value;
    }

    [Fact]
    public void Of_Several_Edits_In_Between_The_Last_One_Holds_Them_All() =>
        Assert.Equal(Ours("both"), Restore(Written, (true, Written), (false, "both"), (false, "one"), (false, Basis)));

    [Fact]
    public void When_Another_Edit_Followed_Our_Write_Both_Persons_Changes_Stay()
    {
        const string Before = "first line, changed\nsecond line\nthird line";
        string after = Ours("first line\nsecond line\nthird line, changed too");

        string? restored = Restore(after, (false, after), (true, Written), (false, Before), (false, Basis));

        Assert.Equal(Ours("first line, changed\nsecond line\nthird line, changed too"), restored);
    }

    [Fact]
    public void When_Both_Changed_The_Same_Place_The_Newer_Stays_And_The_Older_Is_Kept_Behind_It()
    {
        string after = Ours("first line\nnew text\nthird line");

        string? restored = Restore(after, (false, after), (true, Written), (false, "first line\nlost words\nthird line"), (false, Basis));

        Assert.StartsWith("first line\nnew text\nthird line\n\n", restored, StringComparison.Ordinal);
        Assert.Contains("lost words", restored, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Edit_From_A_Page_That_Was_Open_Before_Our_Write_Gets_The_Section_Back()
    {
        const string Stale = "first line\nsecond line\nthird line\nfourth line";

        Assert.Equal(Ours(Stale), Restore(Stale, (false, Stale), (true, Written), (false, Basis)));
    }

    [Fact]
    public void An_Edit_Of_The_Text_After_Our_Write_Is_Left_Alone()
    {
        string edited = Ours("first line\nsecond line");

        Assert.Null(Restore(edited, (false, edited), (true, Written), (false, Basis)));
    }

    [Fact]
    public void A_History_That_Lacks_The_Texts_Restores_Nothing()
    {
        Assert.Null(Restore(Written, (true, Written), (false, null)));
        Assert.Null(Restore(Written, (true, null), (false, "other")));
        Assert.Null(Restore(Written));
    }

    [Fact]
    public void Line_Ends_And_White_Space_At_The_End_Are_Nobodys_Edit() =>
        Assert.Null(Restore(Written, (true, Written.Replace("\n", "\r\n", StringComparison.Ordinal)), (false, Basis.Replace("\n", "\r\n", StringComparison.Ordinal) + "\n")));

    [Fact]
    public void A_Persons_Text_That_Leaves_No_Room_For_Our_Section_Stands_Alone()
    {
        string huge = new('x', GuidanceSection.MaxBodyLength);

        Assert.Equal(huge, Restore(Written, (true, Written), (false, huge), (false, Basis)));
    }

    [Fact]
    public void A_Write_Without_A_Section_Gives_Way_To_The_Persons_Text() =>
        Assert.Equal("edited", EditRestoration.Restore(After("plain", [(true, "plain"), (false, "edited"), (false, Basis)]), Basis, "plain", Domain.Markers));

    [Fact]
    public void On_A_Second_Preparation_The_Old_Section_In_The_Persons_Text_Is_Replaced()
    {
        string basis = GuidanceSection.Apply(Basis, "## Old", Issue.Ref, Domain.Markers);
        string edited = $"mine\n{basis}";

        string? restored = EditRestoration.Restore(
            After(Written, [(true, Written), (false, edited), (true, basis)]), basis, Written, Domain.Markers);

        Assert.Equal(Ours($"mine\n{Basis}"), restored);
    }

    [Property]
    public bool A_Merge_Keeps_The_Newer_Text_When_The_Older_Changed_Nothing(HostileText basis, HostileText newer) =>
        ThreeWayMerge.Merge(basis.Value, basis.Value, newer.Value) == newer.Value && ThreeWayMerge.Merge(basis.Value, newer.Value, basis.Value) == newer.Value;

    [Property]
    public bool A_Merge_Has_What_Each_Side_Put_At_Its_End_Of_The_Text(HostileText basis, HostileText before, HostileText after)
    {
        string text = $"<{basis.Value}>";
        string merged = ThreeWayMerge.Merge(text, $"{before.Value}{text}", $"{text}{after.Value}");
        return merged == $"{before.Value}{text}{after.Value}";
    }

    private static string Ours(string body) => GuidanceSection.Apply(body, "## Ours", Issue.Ref, Domain.Markers);

    private static string? Restore(string current, params (bool ByUs, string? Body)[] edits) =>
        EditRestoration.Restore(After(current, edits), Basis, Written, Domain.Markers);

    private static IssueSnapshot After(string current, (bool ByUs, string? Body)[] edits) =>
        Issue with { Body = current, Edits = [.. edits.Select(e => new BodyEdit(e.ByUs, DateTimeOffset.UnixEpoch, e.Body))] };
}
