using System.Globalization;
using System.Text;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Control;

/// <summary>Serves the page behind <c>html_url</c>: the issue as plain text.</summary>
internal static class IssuePage
{
    public static Task SendAsync(HttpContext http, SandboxState state)
    {
        RouteValueDictionary route = http.Request.RouteValues;
        SimulatedRepository? repository = state.FindRepository((string)route["owner"]!, (string)route["repo"]!);
        int number = int.Parse((string)route["number"]!, CultureInfo.InvariantCulture);
        SimulatedIssue? issue = repository is null ? null : state.FindIssue(repository.Key, number);
        if (issue is null or { IsDeleted: true })
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return http.Response.WriteAsync(Text(repository!, issue, state.Accounts), http.RequestAborted);
    }

    private static string Text(SimulatedRepository repository, SimulatedIssue issue, Accounts accounts)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{issue.Title}  {repository.FullName}#{issue.Number}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{(issue.IsOpen ? "open" : $"closed ({issue.StateReason})")} by {issue.Author}");
        text.AppendLine(CultureInfo.InvariantCulture, $"labels: {string.Join(", ", issue.Labels)}");
        text.AppendLine(
            CultureInfo.InvariantCulture, $"assignees: {string.Join(", ", issue.Assignees.Select(a => accounts.Named(a).RestLogin))}");
        text.AppendLine().AppendLine(issue.Body);
        foreach (SimulatedComment comment in issue.Comments)
        {
            text.AppendLine().AppendLine(
                CultureInfo.InvariantCulture, $"--- {comment.Author}, {comment.CreatedAt:u}").AppendLine().AppendLine(comment.Body);
        }

        return text.ToString();
    }
}
