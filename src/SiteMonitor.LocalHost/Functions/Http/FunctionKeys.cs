using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.LocalHost.Functions.Http;

/// <summary>The keys callers show: the function key for operator routes, the master key for everything.</summary>
internal sealed class FunctionKeys(string function, string master)
{
    // Hashes have one length, so that comparing them in constant time tells nothing about the keys' length either.
    private readonly byte[] _functionHash = Hash(function);
    private readonly byte[] _masterHash = Hash(master);

    public string Function { get; } = function;

    public string Master { get; } = master;

    public bool IsFunction(string key) => CryptographicOperations.FixedTimeEquals(Hash(key), _functionHash);

    public bool IsMaster(string key) => CryptographicOperations.FixedTimeEquals(Hash(key), _masterHash);

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
