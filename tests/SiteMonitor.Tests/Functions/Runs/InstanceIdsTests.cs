using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Tests.Functions.Runs;

public sealed class InstanceIdsTests
{
    private static readonly IssueRef Long = new(new RepositoryRef(new string('O', 39), new string('r', 100)), int.MaxValue);

    [Fact]
    public void A_Redelivery_Is_Named_After_Its_Delivery() =>
        Assert.Equal("redelivery:72d3162e-cc78-11e3-81ab-4c9367dc0958", InstanceIds.Redelivery("72D3162E-CC78-11E3-81AB-4C9367DC0958"));

    [Theory]
    [InlineData("a/b#c?d\\e")]
    [InlineData("@weird id")]
    [InlineData("ünïcode")]
    public void A_Delivery_Id_That_Storage_Would_Refuse_Is_Hashed(string id)
    {
        string named = InstanceIds.Redelivery(id);

        Assert.Matches("^redelivery:[0-9a-f]{20}$", named);
        Assert.NotEqual(named, InstanceIds.Redelivery(id + "x"));
    }

    [Fact]
    public void No_Id_Is_Longer_Than_Storage_Takes()
    {
        string dry = InstanceIds.DryRun(Long, Guid.NewGuid());

        Assert.InRange(dry.Length, 1, 100);
        Assert.InRange(InstanceIds.MergedPullRequest(Long.Repository, 7).Length, 1, 100);
        Assert.InRange(InstanceIds.Redelivery(new string('a', 200)).Length, 1, 100);
        Assert.NotEqual(dry, InstanceIds.DryRun(Long, Guid.NewGuid()));
    }

    [Fact]
    public void A_Dry_Run_Belongs_To_Its_Issue()
    {
        IssueRef issue = IssueRef.Parse("octo-org/site#7");

        Assert.True(InstanceIds.IsDryRunOf(issue, InstanceIds.DryRun(issue, Guid.NewGuid())));
        Assert.True(InstanceIds.IsDryRunOf(Long, InstanceIds.DryRun(Long, Guid.NewGuid())));
        Assert.False(InstanceIds.IsDryRunOf(issue, InstanceIds.DryRun(IssueRef.Parse("octo-org/site#71"), Guid.NewGuid())));
        Assert.False(InstanceIds.IsDryRunOf(issue, issue.InstanceId));
    }

    [Fact]
    public void A_Pull_Request_Never_Shares_An_Instance_With_An_Issue()
    {
        RepositoryRef repository = RepositoryRef.Parse("pr/o");

        Assert.NotEqual(new IssueRef(repository, 7).InstanceId, InstanceIds.MergedPullRequest(repository, 7));
        Assert.Equal(InstanceIds.MergedPullRequest(RepositoryRef.Parse("O/R"), 7), InstanceIds.MergedPullRequest(RepositoryRef.Parse("o/r"), 7));
    }
}
