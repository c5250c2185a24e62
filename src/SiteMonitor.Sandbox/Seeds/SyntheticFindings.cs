using System.Globalization;

namespace SiteMonitor.Sandbox.Seeds;

/// <summary>Generates findings for scenarios with hundreds of issues; the same number always has the same finding.</summary>
public static class SyntheticFindings
{
    private static readonly (string Specialist, string Text)[] Stories =
    [
        (
            "intelligence-analyst",
            "A threat actor runs a phishing campaign with new malware against the energy sector; the exploit of CVE-2025-{0} was seen on {1}."),
        (
            "osint-researcher",
            "OSINT reconnaissance of {1}: verify the digital footprint and the social media accounts "
                + "behind the domain registration (ticket {0})."),
        (
            "target-profiler",
            "Profile the organization behind {1}: the company changed its leadership and personnel, "
                + "stakeholders ask for ownership details (case {0})."),
    ];

    private static readonly string[] Places = ["Rotterdam", "Osaka", "Valparaíso", "Tallinn", "Nairobi", "Halifax"];

    public static (string Title, string Body, string Specialist) Of(int number)
    {
        (string specialist, string text) = Stories[number % Stories.Length];
        string id = (10000 + number).ToString(CultureInfo.InvariantCulture);
        string host = $"portal-{id}.example";
        string body = $"{string.Format(CultureInfo.InvariantCulture, text, id, host)}\n\n"
            + $"- Seen from: {Places[number % Places.Length]}\n- Change: {number % 97} % of the page\n- Check: https://{host}/status\n";
        return ($"Change detected on {host}", body, specialist);
    }
}
