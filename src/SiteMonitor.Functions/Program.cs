using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Integrations.Storage;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<SecurityHeaders>();
builder.UseMiddleware<HttpErrorHandler>();
builder.Configuration.AddInMemoryCollection(LocalPaths.Resolve(builder.Configuration, AppContext.BaseDirectory));
builder.Services.AddBlobStorage(builder.Configuration);
builder.Services.AddSiteMonitor(builder.Configuration);

using IHost host = builder.Build();
if (!SettingsCheck.TryRun(host.Services, Console.Error))
{
    return 1;
}

if (await MissingFlagsFile.CreateAsync(host.Services, builder.Configuration["Rollout:InitialPhase"], CancellationToken.None) is { } problem)
{
    Console.Error.WriteLine($"Settings error: {problem}");
    return 1;
}

await host.RunAsync();
return 0;
