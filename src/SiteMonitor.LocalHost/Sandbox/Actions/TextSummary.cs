using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.LocalHost.Sandbox.Actions;

/// <summary>Stands for a text in the write log: its length and the start of its hash.</summary>
internal static class TextSummary
{
    public static string Of(string? text) =>
        string.IsNullOrEmpty(text) ? "empty" : $"{text.Length} characters, {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
}
