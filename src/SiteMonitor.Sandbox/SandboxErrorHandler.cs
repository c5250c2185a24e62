namespace SiteMonitor.Sandbox;

/// <summary>Answers 599 when the sandbox itself fails, so that its defects are not taken for errors of GitHub.</summary>
internal static class SandboxErrorHandler
{
    private const int Status = 599;

    public static async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
#pragma warning disable CA1031 // Whatever it is, the caller has to see that it came from here.
        catch (Exception e) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            http.Response.Clear();
            http.Response.StatusCode = Status;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync($"The sandbox failed, not GitHub or the model: {e}", CancellationToken.None);
        }
    }
}
