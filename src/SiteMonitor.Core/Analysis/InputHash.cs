using System.Security.Cryptography;
using System.Text;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Analysis;

/// <summary>Computes a hash of what a decision on an issue depends on, by which an unchanged issue is recognized.</summary>
public static class InputHash
{
    /// <summary>Computes the hash over title and body only: what Copilot must get as it was analyzed.</summary>
    public static string ComputeText(IssueSnapshot snapshot, GuidanceMarkers markers) => Compute(snapshot with { Labels = [] }, markers);

    /// <summary>Returns the SHA-256, hexadecimal, of title, body without our section, and labels without short-lived ones.</summary>
    public static string Compute(IssueSnapshot snapshot, GuidanceMarkers markers)
    {
        IEnumerable<string> labels = snapshot.Labels
            .Where(label => !WorkflowLabels.ShortLived.Contains(label, StringComparer.OrdinalIgnoreCase))
            .Select(label => label.ToLowerInvariant())
            .Distinct()
            .Order(StringComparer.Ordinal);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in (IEnumerable<string>)[snapshot.Title, GuidanceSection.Remove(snapshot.Body, snapshot.Ref, markers),
            .. labels])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
