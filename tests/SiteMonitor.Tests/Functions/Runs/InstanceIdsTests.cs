using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Tests.Functions.Runs;

public sealed class InstanceIdsTests
{
    private static readonly IssueRef Long = new(new RepositoryRef(new string('O', 39), new string('r', 100)), int.MaxValue);

    [Fact]
    public void A_redelivery_is_named_after_its_delivery() =>
        Assert.Equal("redelivery:72d3162e-cc78-11e3-81ab-4c9367dc0958", InstanceIds.Redelivery("72D3162E-CC78-11E3-81AB-4C9367DC0958"));

    [Theory]
    [InlineData("a/b#c?d\\e")]
    [InlineData("@weird id")]
    [InlineData("ünïcode")]
    public void A_delivery_id_that_storage_would_refuse_is_hashed(string id)
    {
        string named = InstanceIds.Redelivery(id);

        Assert.Matches("^redelivery:[0-9a-f]{20}$", named);
        Assert.NotEqual(named, InstanceIds.Redelivery(id + "x"));
    }

    [Fact]
    public void No_id_is_longer_than_storage_takes()
    {
        string dry = InstanceIds.DryRun(Long, Guid.NewGuid());

        Assert.InRange(dry.Length, 1, 100);
        Assert.InRange(InstanceIds.MergedPullRequest(Long.Repository, 7).Length, 1, 100);
        Assert.InRange(InstanceIds.Redelivery(new string('a', 200)).Length, 1, 100);
        Assert.NotEqual(dry, InstanceIds.DryRun(Long, Guid.NewGuid()));
    }

    [Fact]
    public void A_dry_run_belongs_to_its_issue()
    {
        IssueRef issue = IssueRef.Parse("octo-org/site#7");

        Assert.True(InstanceIds.IsDryRunOf(issue, InstanceIds.DryRun(issue, Guid.NewGuid())));
        Assert.True(InstanceIds.IsDryRunOf(Long, InstanceIds.DryRun(Long, Guid.NewGuid())));
        Assert.False(InstanceIds.IsDryRunOf(issue, InstanceIds.DryRun(IssueRef.Parse("octo-org/site#71"), Guid.NewGuid())));
        Assert.False(InstanceIds.IsDryRunOf(issue, issue.InstanceId));
    }

    [Fact]
    public void A_pull_request_never_shares_an_instance_with_an_issue()
    {
        RepositoryRef repository = RepositoryRef.Parse("pr/o");

        Assert.NotEqual(new IssueRef(repository, 7).InstanceId, InstanceIds.MergedPullRequest(repository, 7));
        Assert.Equal(InstanceIds.MergedPullRequest(RepositoryRef.Parse("O/R"), 7), InstanceIds.MergedPullRequest(RepositoryRef.Parse("o/r"), 7));
    }
}
