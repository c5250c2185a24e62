using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.LocalHost.Functions.Http;

/// <summary>Applies the Functions host's rules for authorization levels.</summary>
internal static class HttpAuthorization
{
    public const string Header = "x-functions-key";
    public const string QueryParameter = "code";

    /// <summary>Returns whether the key in the header or else the query parameter <c>code</c> is valid.</summary>
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

/// <summary>The accepted keys: the function key for operator routes, the master key for everything.</summary>
internal sealed class FunctionKeys(string function, string master)
{
    // Hashes have a fixed length, so that the constant-time comparison does not reveal the length of the keys.
    private readonly byte[] _functionHash = Hash(function);
    private readonly byte[] _masterHash = Hash(master);

    public string Function { get; } = function;

    public string Master { get; } = master;

    public bool IsFunction(string key) => CryptographicOperations.FixedTimeEquals(Hash(key), _functionHash);

    public bool IsMaster(string key) => CryptographicOperations.FixedTimeEquals(Hash(key), _masterHash);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
