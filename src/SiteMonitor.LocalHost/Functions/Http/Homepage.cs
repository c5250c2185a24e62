namespace SiteMonitor.LocalHost.Functions.Http;

/// <summary>The host's page at <c>/</c>; the setting <c>AzureWebJobsDisableHomepage</c> switches it off (204).</summary>
internal static class Homepage
{
    private const string Html =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>SiteMonitor</title>"
        + "<body style=\"font-family:system-ui;margin:3rem\"><h1>SiteMonitor is running</h1>"
        + "<p><a href=\"api/health\">Health</a> · <a href=\"api/dashboard\">Dashboard</a> (asks for the function key)</p></body></html>";

    public static Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not null || context.Request.Path != "/" || !HttpMethods.IsGet(context.Request.Method))
        {
            return next(context);
        }

        if (context.RequestServices.GetRequiredService<IConfiguration>().GetValue<bool>("AzureWebJobsDisableHomepage"))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return context.Response.WriteAsync(Html, context.RequestAborted);
    }
}
