using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Every metric in an alert is one that the application writes.</summary>
public sealed partial class AlertTests
{
    private static readonly string[] Queries =
        [.. RepositoryRoot.Read("infra", "modules", "alerts.bicep").Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("query: '", StringComparison.Ordinal))];

    [Fact]
    public void Every_Metric_An_Alert_Asks_For_Is_One_The_App_Writes()
    {
        string[] asked = [.. Queries.SelectMany(q => MetricPattern().Matches(q)).Select(m => m.Groups[1].Value).Distinct()];

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(FindMetricNames()));
    }

    [Fact]
    public void Every_Outcome_And_Kind_An_Alert_Asks_For_Is_One_That_Is_Written()
    {
        string[] known = [.. Enum.GetValues<RunOutcome>().Select(o => WireName.Of(o)), .. Enum.GetValues<RunKind>().Select(k => WireName.Of(k))];
        string[] asked = [.. Queries.SelectMany(q => ValuePattern().Matches(q)).Select(m => m.Groups[1].Value).Where(v => !v.StartsWith("sitemonitor.", StringComparison.Ordinal)).Distinct()];

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(known));
    }

    [Fact]
    public void Every_Alert_Has_Its_Line_In_The_Runbook()
    {
        string[] alerts = [.. RulePattern().Matches(RepositoryRoot.Read("infra", "modules", "alerts.bicep")).Select(m => m.Groups[1].Value)];
        string runbook = RepositoryRoot.Read("docs", "runbook.md");

        Assert.Equal(Queries.Length, alerts.Length);
        Assert.All(alerts, alert => Assert.Matches($@"an alert [^|]*`{alert}`", runbook));
    }

    private static HashSet<string> FindMetricNames()
    {
        HashSet<string> names = [];
        using ServiceProvider provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory factory = provider.GetRequiredService<IMeterFactory>();
        using MeterListener listener = new() { InstrumentPublished = (instrument, _) => Add(instrument, factory, names) };
        listener.Start();
        _ = new SiteMonitorMetrics(factory);
        return names;
    }

    // Other tests make meters of the same name at the same time.
    private static void Add(Instrument instrument, IMeterFactory factory, HashSet<string> names)
    {
        if (instrument.Meter.Scope == factory)
        {
            names.Add(instrument.Name);
        }
    }

    [GeneratedRegex(@"^    name: '([a-z-]+)'", RegexOptions.Multiline)]
    private static partial Regex RulePattern();

    [GeneratedRegex("name == \"([^\"]+)\"")]
    private static partial Regex MetricPattern();

    [GeneratedRegex("\"([a-z.-]+)\"")]
    private static partial Regex ValuePattern();
}
