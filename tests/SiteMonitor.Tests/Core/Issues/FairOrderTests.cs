using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Core.Issues;

public sealed class FairOrderTests
{
    [Fact]
    public void Urgent_Issues_Come_First_Then_The_Authors_In_Turn()
    {
        Candidate[] flood = [.. Enumerable.Range(1, 500).Select(n => Of(n, "mallory"))];

        IReadOnlyList<Candidate> order = FairOrder.Sort([.. flood, Of(601, "alice"), Of(602, "bob"), Of(603, "alice"), Of(700, "carol", "urgent")]);

        Assert.Equal([700, 1, 601, 602, 2, 603, 3, 4], order.Take(8).Select(c => c.Ref.Number));
    }

    [Fact]
    public void Urgent_Issues_Take_Turns_Among_Themselves()
    {
        IReadOnlyList<Candidate> order = FairOrder.Sort([Of(1, "mallory", "Urgent"), Of(2, "Mallory", "urgent"), Of(3, "alice", "urgent"), Of(4, "bob")]);

        Assert.Equal([1, 3, 2, 4], order.Select(c => c.Ref.Number));
    }

    private static Candidate Of(int number, string author, params string[] labels) =>
        new(new IssueRef(new RepositoryRef("o", "r"), number), labels, DateTimeOffset.UnixEpoch.AddSeconds(number)) { Author = author };
}
