using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Functions.Triggers.Http;
using SiteMonitor.Integrations.Storage;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<SecurityHeaders>();
builder.UseMiddleware<HttpErrorHandler>();
builder.Services.AddBlobStorage(builder.Configuration);
builder.Services.AddSiteMonitor(builder.Configuration);

using IHost host = builder.Build();
if (!SettingsCheck.TryRun(host.Services, Console.Error))
{
    return 1;
}

await host.RunAsync();
return 0;
