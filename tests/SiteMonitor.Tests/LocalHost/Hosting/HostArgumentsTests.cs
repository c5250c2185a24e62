using System.Net;
using DurableTask.Sqlite;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class HostArgumentsTests
{
    [Fact]
    public void Without_Arguments_It_Listens_On_Loopback_And_Keeps_Its_Data_Here()
    {
        HostArguments arguments = HostArguments.Parse([], out int exitCode)!;

        Assert.Equal(0, exitCode);
        Assert.Equal((IPAddress.Loopback, 7071, ".sitemonitor"), (arguments.Address, arguments.Port, arguments.DataDirectory));
        Assert.False(arguments.Sandbox || arguments.Backlog || arguments.UntilIdle || arguments.Fresh || arguments.RealLimits);
    }

    [Fact]
    public void Everything_Can_Be_Told()
    {
        HostArguments arguments = HostArguments.Parse(
            ["--port", "0", "--listen", "0.0.0.0", "--data", "d", "--root", ".", "--repo", "o/r", "--sandbox", "--fresh", "--real-limits",
            "--backlog", "--until-idle", "--set", "A__B=c=d", "--set", "E:F="], out _)!;

        Assert.Equal(
            (0, IPAddress.Any, "d", Directory.GetCurrentDirectory(), "o/r"), (
                arguments.Port, arguments.Address, arguments.DataDirectory, arguments.Root, arguments.Repository!.ToString()));
        Assert.True(arguments is { Sandbox: true, Fresh: true, RealLimits: true, Backlog: true, UntilIdle: true });
        Assert.Equal(("c=d", string.Empty), (arguments.Settings["A:B"], arguments.Settings["e:f"]));
    }

    [Fact]
    public void Of_A_Setting_Given_Twice_The_Last_Counts()
    {
        HostArguments arguments = HostArguments.Parse(["--set", "A__B=1", "--set", "a:b=2"], out _)!;

        Assert.Equal("2", Assert.Single(arguments.Settings).Value);
    }

    [Fact]
    public void The_Engine_Syncs_Every_Step_And_Keeps_Everything_Unless_Told_Otherwise()
    {
        HostArguments usual = HostArguments.Parse([], out _)!;
        HostArguments told = HostArguments.Parse(["--durability", "normal", "--keep-days", "30"], out _)!;

        Assert.Equal((DurabilityMode.Full, null), (usual.Durability, usual.KeepFinished));
        Assert.Equal((DurabilityMode.Normal, TimeSpan.FromDays(30)), (told.Durability, told.KeepFinished));
    }

    [Theory]
    [InlineData("--data", "")]
    [InlineData("--data", " ")]
    [InlineData("--root", "")]
    [InlineData("--phase", "")]
    [InlineData("--scenario", "")]
    [InlineData("--repo", "")]
    [InlineData("--listen", "")]
    [InlineData("--port", "")]
    [InlineData("--import", "")]
    [InlineData("--import", "export.json", "--scenario", "rollout")]
    [InlineData("--replay-arrivals")]
    [InlineData("--durability", "none")]
    [InlineData("--durability", "7")]
    [InlineData("--keep-days", "0")]
    [InlineData("--keep-days", "long")]
    [InlineData("--listen", "everywhere")]
    [InlineData("--repo", "none")]
    [InlineData("--set", "NAME")]
    [InlineData("--set", "=value")]
    [InlineData("--port", "http")]
    [InlineData("--port", "99999")]
    [InlineData("--port", "-1")]
    [InlineData("--root", "there/is/no/such/directory")]
    [InlineData("--unknown")]
    public void Wrong_Arguments_End_With_2(params string[] arguments)
    {
        Assert.Null(HostArguments.Parse(arguments, out int exitCode));
        Assert.Equal(HostExitCode.CannotStart, exitCode);
    }

    [Fact]
    public void A_Relative_Root_Becomes_A_Full_Path()
    {
        string parent = Path.GetFullPath("..");

        Assert.Equal(parent, HostArguments.Parse(["--root", ".."], out _)!.Root);
    }

    [Fact]
    public void Help_Ends_With_0()
    {
        Assert.Null(HostArguments.Parse(["--help"], out int exitCode));
        Assert.Equal(0, exitCode);
    }
}
