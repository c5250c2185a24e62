using SiteMonitor.LocalHost.Sandbox;
using SiteMonitor.LocalHost.Sandbox.Control;

namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>Opens findings as the monitoring job would: of kinds that both the model and the legacy rules know what to do with.</summary>
internal sealed class ScenarioIssues(SandboxServer gitHub)
{
    private static readonly (string Title, string Body, string[] Labels)[] Kinds =
    [
        ("New ransomware campaign against grid operators, wave {0}",
            "An apt, a threat-actor tracked as APT-C-39, runs a geopolitical ransomware campaign with new malware. It exploits CVE-2025-21418. Wave {0}.",
            ["threat-assessment", "strategic-analysis"]),
    ];

    public int Opened { get; private set; }

    public void Open(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Opened++;
            (string title, string body, string[] labels) = Kinds[Opened % Kinds.Length];
            string number = Opened.ToString(System.Globalization.CultureInfo.InvariantCulture);
            gitHub.Person(new PersonAction
            {
                Do = PersonDeed.Open,
                Value = title.Replace("{0}", number, StringComparison.Ordinal),
                Text = body.Replace("{0}", number, StringComparison.Ordinal),
                Labels = ["site-monitor", .. labels],
                Login = "watchtower-monitor[bot]",
            });
        }
    }
}
