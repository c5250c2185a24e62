using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>
/// The header <c>Sync-Token</c>: <c>id=value;sn=number</c> in responses, where the number tells the client which token is newer;
/// <c>id=value</c> in requests, with a value that only the store understands.
/// </summary>
internal static partial class SyncToken
{
    public const string Header = "Sync-Token";

    private const string Id = "sandbox";

    public static string Of(long sequence) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Id}={Convert.ToBase64String(Encoding.ASCII.GetBytes($"0:{sequence}"))};sn={sequence}");

    /// <returns>False if the header is present and malformed.</returns>
    public static bool TryRead(HttpRequest request, out long? sequence)
    {
        sequence = null;
        foreach (string token in request.Headers[Header].OfType<string>().SelectMany(h => h.Split(',', StringSplitOptions.TrimEntries)))
        {
            Match match = Form().Match(token);
            if (!match.Success || (match.Groups["id"].Value == Id && !TryDecode(match.Groups["value"].Value, ref sequence)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryDecode(string value, ref long? sequence)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (!Convert.TryFromBase64String(value, bytes, out int length)
            || Encoding.ASCII.GetString(bytes[..length]).Split(':') is not ["0", var number]
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long read))
        {
            return false;
        }

        sequence = Math.Max(read, sequence ?? 0);
        return true;
    }

    [GeneratedRegex("^(?<id>[^=;,]+)=(?<value>[^;,]+)(;sn=[0-9]+)?$")]
    private static partial Regex Form();
}
