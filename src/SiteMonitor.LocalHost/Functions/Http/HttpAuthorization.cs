using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.LocalHost.Functions.Http;

/// <summary>Who may call: the Functions host's rules for authorization levels.</summary>
internal static class HttpAuthorization
{
    public const string Header = "x-functions-key";
    public const string QueryParameter = "code";

    /// <summary>The header decides when it is there, else the query parameter <c>code</c>; the master key opens everything.</summary>
    public static bool IsAllowed(AuthorizationLevel level, HttpRequest request, FunctionKeys keys)
    {
        if (level is AuthorizationLevel.Anonymous)
        {
            return true;
        }

        string key = (request.Headers.TryGetValue(Header, out var header) ? header : request.Query[QueryParameter]).ToString();
        bool functionKeyWillDo = level is AuthorizationLevel.Function or AuthorizationLevel.User;
        return key.Length > 0 && (keys.IsMaster(key) | (functionKeyWillDo & keys.IsFunction(key)));
    }
}
