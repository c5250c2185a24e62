using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SiteMonitor.Tests.Polyfills;

public sealed class FunctionsApplicationTests
{
    [Fact]
    public async Task An_App_Built_With_Polyfills_Says_At_Its_Start_What_To_Do_Instead()
    {
        Assert.SkipUnless(typeof(FunctionsApplication).Assembly.GetType("Microsoft.Azure.Functions.Worker.Builder.HostThatCannotRun") is not null, "The real package runs.");
        FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder([]).ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton("a service");
        using IHost host = builder.Build();

        PlatformNotSupportedException refusal = await Assert.ThrowsAsync<PlatformNotSupportedException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("dotnet dev.cs run", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("a service", host.Services.GetRequiredService<string>());
        Assert.Throws<InvalidOperationException>(builder.Build);
    }
}
