using System.Globalization;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Comments by REST.</summary>
internal sealed class CommentEndpoints(RestContext context)
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/repos/{owner}/{repo}/issues/{number}/comments", "comments") { Handler = r => Task.FromResult(List(r)) },
        new("POST", "/repos/{owner}/{repo}/issues/{number}/comments", "comments") { Handler = r => Task.FromResult(Create(r)) },
        new("GET", "/repos/{owner}/{repo}/issues/comments/{comment}", "comments") { Handler = r => Task.FromResult(Get(r)) },
        new("PATCH", "/repos/{owner}/{repo}/issues/comments/{comment}", "comments") { Handler = r => Task.FromResult(Edit(r)) },
        new("DELETE", "/repos/{owner}/{repo}/issues/comments/{comment}", "comments") { Handler = r => Task.FromResult(Delete(r)) },
    ];

    private SimulatedResponse List(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        SimulatedIssue issue = context.Issue(request);
        return RestPaging.Of(request, issue.Comments, c => context.Json.Comment(repository, issue, c));
    }

    private SimulatedResponse Create(ApiRequest request)
    {
        string body = request.Json().RequiredText("body");
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(
            transaction => context.Actions.Comments.Add(transaction, request.Writer, context.Issue(transaction, request), body));
        return SimulatedResponse.Of(context.Json.Comment(context.Repository(request), issue, comment), 201);
    }

    private SimulatedResponse Get(ApiRequest request)
    {
        (SimulatedIssue issue, SimulatedComment comment) = Find(request);
        return SimulatedResponse.Of(context.Json.Comment(context.Repository(request), issue, comment));
    }

    private SimulatedResponse Edit(ApiRequest request)
    {
        string body = request.Json().RequiredText("body");
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(transaction =>
        {
            (SimulatedIssue found, SimulatedComment old) = Find(request);
            return context.Actions.Comments.Edit(transaction, request.Writer, found, old, body);
        });
        return SimulatedResponse.Of(context.Json.Comment(context.Repository(request), issue, comment));
    }

    private SimulatedResponse Delete(ApiRequest request)
    {
        context.State.Write(transaction =>
        {
            (SimulatedIssue issue, SimulatedComment comment) = Find(request);
            return context.Actions.Comments.Delete(transaction, request.Writer, issue, comment);
        });
        return SimulatedResponse.Empty(204);
    }

    private (SimulatedIssue Issue, SimulatedComment Comment) Find(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        if (!long.TryParse(request.Route("comment"), NumberStyles.None, CultureInfo.InvariantCulture, out long id)
            || context.State.FindNode(new SimulatedComment(id, "", "", default, default).GraphId) is not { } node
            || node.Repository != repository.Key
            || context.State.FindIssue(node.Repository, node.Number) is not { IsDeleted: false } issue
            || issue.Comments.Find(c => c.Id == id) is not { } comment)
        {
            throw GitHubErrorException.NotFound();
        }

        return (issue, comment);
    }
}
