namespace SiteMonitor.Tests.Cli;

internal static class Samples
{
    public static string Status(string issue, bool active, string outcome) => $$"""
        {"issue":"{{issue}}","instanceId":"i","runtimeStatus":"{{(active ? "running" : "completed")}}","active":{{(active ? "true" : "false")}},
         "lastRun":{"runId":"x","kind":"run","issue":"{{issue}}","trigger":"manual","requestedStage":"auto","outcome":"{{outcome}}","reasonCode":"","reason":"because",
           "route":"unified","routeReason":"100 %","flagsRevision":"f1","specialists":["osint-researcher"],"gitHubReads":2,"gitHubWrites":4,"gitHubExtra":0,
           "modelCalls":1,"tokens":900,"dollars":0.0042,"cacheHits":0,"durationMs":2500,"started":"2026-03-01T00:00:00Z","ended":"2026-03-01T00:00:03Z"}
        }
        """;
}
