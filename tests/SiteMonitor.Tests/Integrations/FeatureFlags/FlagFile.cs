using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Integrations.FeatureFlags;

/// <summary>A flags file in a directory of its own, and the policy that reads it.</summary>
internal sealed class FlagFile : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("flags").FullName;
    private readonly TimeProvider _time;

    public FlagFile(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Store = new FileFlagStore(Path, _time);
        Source = NewSource();
        Policy = new FlagRoutePolicy(Source, new FlagEvaluator(_time, NullLoggerFactory.Instance), new FixedPhase());
    }

    public string Path => System.IO.Path.Combine(_directory, "flags.json");

    public FileFlagStore Store { get; }

    public FlagSource Source { get; }

    public FlagRoutePolicy Policy { get; }

    public FlagSource NewSource() => new(
        Store,
        new FileLastKnownFlags(System.IO.Path.Combine(_directory, "last-known.json"), NullLogger<FileLastKnownFlags>.Instance),
        FlagPolling.EachUse,
        _time);

    public FlagFile With(params string[] flags)
    {
        var document = new JsonObject { ["feature_management"] = new JsonObject { ["feature_flags"] = new JsonArray([.. flags.Select(f => JsonNode.Parse(f))]) } };
        File.WriteAllText(Path, document.ToJsonString());
        return this;
    }

    public static string On(string name) => $$"""{"id":"{{name}}","enabled":true}""";

    public static string Off(string name) => $$"""{"id":"{{name}}","enabled":false}""";

    public static string Pipeline(double percentage, string groups = "", string users = "", string requirement = "Any") => $$$$"""
        {"id":"UnifiedPipeline","enabled":true,"conditions":{"requirement_type":"{{{{requirement}}}}","client_filters":[
          {"name":"SiteMonitor.IssueLabel","parameters":{"Labels":["beta-test"]}},
          {"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":[{{{{users}}}}],"Groups":[{{{{groups}}}}],"DefaultRolloutPercentage":{{{{percentage}}}}}}}]}}
        """;

    public static string Commands(string variant) => $$$"""
        {"id":"LegacyCommands","enabled":true,"variants":[{"name":"available"},{"name":"deprecated"},{"name":"redirected"},{"name":"removed"}],
         "allocation":{"default_when_enabled":"{{{variant}}}","default_when_disabled":"available"}}
        """;

    public void Dispose()
    {
        Source.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class FixedPhase : ICurrentPhase
    {
        public ValueTask<string> GetNameAsync(CancellationToken cancellationToken) => ValueTask.FromResult("parallel");
    }
}
