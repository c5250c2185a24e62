using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.LocalHost.Functions.Http;

/// <summary>Routes requests to functions. Unknown routes and wrong methods are answered with 404 and an empty body.</summary>
internal static class HttpFunctionRoutes
{
    /// <exception cref="FunctionDefinitionException">Two functions have the same route and method.</exception>
    public static void MapFunctions(this WebApplication app, IReadOnlyList<HttpFunction> functions)
    {
        RefuseDuplicates(functions);
        app.Use(static (context, next) =>
        {
            // At the last moment, since a failed function's response is cleared. The host's own responses get them too.
            context.Response.OnStarting(static headers =>
            {
                SecurityHeaders.AddTo((IHeaderDictionary)headers);
                return Task.CompletedTask;
            }, context.Response.Headers);
            return next(context);
        });
        app.UseRouting();
        app.Use(static (context, next) =>
        {
            // The router adds its own endpoint, answering 405, where a route exists but not for this method.
            if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<HttpFunction>() is null)
            {
                context.SetEndpoint(null);
            }

            return next(context);
        });
        app.Use(Homepage.AnswerAsync);
        foreach (HttpFunction function in functions)
        {
            (function.Methods.Count == 0
                ? app.Map(function.Pattern, function.AnswerAsync)
                : app.MapMethods(function.Pattern.RawText!, function.Methods, function.AnswerAsync))
                .WithMetadata(function).WithDisplayName(function.Name);
        }
    }

    private static void RefuseDuplicates(IReadOnlyList<HttpFunction> functions)
    {
        string[] problems =
            [.. from f in functions
                from method in f.Methods.DefaultIfEmpty("any method")
                group f.Name by (Route: f.Pattern.RawText!.ToUpperInvariant(), method) into same
                where same.Count() > 1
                select $"{string.Join(" and ", same)}: both answer {same.Key.method} {same.Key.Route}."];
        if (problems.Length > 0)
        {
            throw new FunctionDefinitionException(problems);
        }
    }
}
