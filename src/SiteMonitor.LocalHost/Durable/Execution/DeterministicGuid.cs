using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>A GUID that is the same on every replay: RFC 9562 version 5 over instance, turn time and counter.</summary>
internal static class DeterministicGuid
{
    private static readonly byte[] s_namespace = new Guid("6ba7b814-9dad-11d1-80b4-00c04fd430c8").ToByteArray(bigEndian: true);

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Version 5 GUIDs are defined over SHA-1; nothing is secret here.")]
    public static Guid Create(string instanceId, int generation, DateTime now, int counter)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{generation}_{now:o}_{counter}");
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData([.. s_namespace, .. Encoding.UTF8.GetBytes(name)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
