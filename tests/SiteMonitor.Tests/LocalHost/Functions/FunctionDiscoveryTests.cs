using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using SiteMonitor.LocalHost.Functions;
using SiteMonitor.LocalHost.Functions.Invocation;

namespace SiteMonitor.Tests.LocalHost.Functions;

public sealed class FunctionDiscoveryTests
{
    private static readonly IConfiguration NoSettings = new ConfigurationBuilder().Build();

    [Fact]
    public void Functions_Are_Found_By_Their_Attribute_And_Sorted_By_Name()
    {
        IReadOnlyList<FunctionDescriptor> found = FunctionDiscovery.Discover([typeof(Sound)]);

        Assert.Equal(["a-timer", "b-http"], found.Select(f => f.Name));
        Assert.IsType<TimerTriggerAttribute>(found[0].Trigger);
        Assert.EndsWith("Sound.Http", found[1].EntryPoint, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_Fault_Is_Named_At_Once()
    {
        FunctionDefinitionException e = Assert.Throws<FunctionDefinitionException>(() => FunctionDiscovery.Discover([typeof(Faulty)]));

        Assert.Equal(3, e.Problems.Count);
        Assert.Contains(e.Problems, f => f.StartsWith("no-trigger:", StringComparison.Ordinal)
            && f.Contains("no parameter with a trigger", StringComparison.Ordinal));
        Assert.Contains(e.Problems, f => f.StartsWith("hidden:", StringComparison.Ordinal)
            && f.Contains("must be public", StringComparison.Ordinal));
        Assert.Contains(e.Problems, f => f.Contains("2 functions have this name", StringComparison.Ordinal));
    }

    [Fact]
    public void A_Parameter_That_Nothing_Gives_A_Value_Is_Refused()
    {
        FunctionDescriptor function = FunctionDiscovery.Discover([typeof(Unbound)]).Single();

        FunctionDefinitionException e = Assert.Throws<FunctionDefinitionException>(() => new FunctionInvoker(function, ["id"]));

        Assert.Contains("'String other'", e.Problems.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Disabled_Function_Is_Left_Out()
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["AzureWebJobs.a-timer.Disabled"] = "true" }).Build();

        Assert.Equal(["b-http"], FunctionApp.Discover([typeof(Sound)], settings).Functions.Select(f => f.Name));
        Assert.Equal(2, FunctionApp.Discover([typeof(Sound)], NoSettings).Functions.Count);
    }

    private static class Sound
    {
        [Function("b-http")]
        public static OkObjectResult Http([HttpTrigger] HttpRequest request) => new OkObjectResult(request.Path);

        [Function("a-timer")]
        public static void Timer([TimerTrigger("0 0 * * * *")] TimerInfo timer) => _ = timer;

        public static void NotAFunction() => Assert.Fail("Nobody calls this.");
    }

    private static class Faulty
    {
        [Function("no-trigger")]
        public static void NoTrigger(string text) => _ = text;

        [Function("hidden")]
        internal static void Hidden([TimerTrigger("0 0 * * * *")] TimerInfo timer) => _ = timer;

        [Function("same")]
        public static void One([TimerTrigger("0 0 * * * *")] TimerInfo timer) => _ = timer;

        [Function("SAME")]
        public static void Two([TimerTrigger("0 0 * * * *")] TimerInfo timer) => _ = timer;
    }

    private static class Unbound
    {
        [Function("unbound")]
        public static OkObjectResult Run([HttpTrigger(Route = "{id}")] HttpRequest request, string id, string other) =>
            new OkObjectResult(request.Path + id + other);
    }
}
