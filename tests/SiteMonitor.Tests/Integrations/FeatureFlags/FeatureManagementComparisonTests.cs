using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Integrations.FeatureFlags;

/// <summary>Random flags of the filters that each flag may use, decided by the product and by Microsoft.FeatureManagement from the same JSON.</summary>
public sealed class FeatureManagementComparisonTests
{
    private const int FlagsPerName = 400;
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Users = ["octo/watch#1", "octo/watch#2", "octo/sites#3", "Octo/Watch#2", "other/x#9"];
    private static readonly string[] Groups = ["octo/watch", "octo/sites", "OCTO/WATCH", "other/x"];
    private static readonly string[] Labels = ["beta-test", "BETA-TEST", "urgent", "canary"];

    public static TheoryData<string> Names => [.. FlagNames.All];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Both_Decide_Alike(string name)
    {
#pragma warning disable CA5394 // Test data, the same in each run.
        Random random = new(name.Length);
        for (int i = 0; i < FlagsPerName; i++)
        {
            string json = RandomFlag(random, name).ToJsonString();
            IssueTargetingContext context = new(
                IssueRef.Parse(Users[random.Next(Users.Length)]), [.. Labels.Where(_ => random.Next(3) == 0)]);
            IssueTargetingContext? target = name == FlagNames.UnifiedPipeline ? context : null;
            FlagSnapshot snapshot = new([await FlagReader.ReadAsync(name, json, "1")], Now);

            bool ours = await new FlagEvaluator(Clock(), NullLoggerFactory.Instance).IsOnAsync(snapshot, name, target, TestContext.Current.CancellationToken);

            Assert.True(await TheirsAsync(name, json, target) == ours, $"{json} for {context.UserId}, labels {string.Join(",", context.Labels)}: ours {ours}");
            Assert.Null(snapshot.Find(name)!.Problem);
        }
#pragma warning restore CA5394
    }

    private static FakeTimeProvider Clock() => new(Now);

    /// <summary>Evaluates a flag with Microsoft.FeatureManagement alone.</summary>
    internal static async Task<bool> TheirsAsync(string name, string json, IssueTargetingContext? target)
    {
        string file = $$"""{"feature_management":{"feature_flags":[{{json}}]} }""";
        IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(file))).Build();
        using ConfigurationFeatureDefinitionProvider definitions = new(configuration);
        FeatureManager manager = new(definitions, new FeatureManagementOptions())
        {
            FeatureFilters =
            [
                new IssueLabelFilter(),
                new ContextualTargetingFilter(Options.Create(new TargetingEvaluationOptions { IgnoreCase = true }), NullLoggerFactory.Instance),
                new TimeWindowFilter(NullLoggerFactory.Instance) { SystemClock = Clock() },
            ],
        };
        return target is null ? await manager.IsEnabledAsync(name) : await manager.IsEnabledAsync(name, target);
    }

#pragma warning disable CA5394
    private static JsonObject RandomFlag(Random random, string name)
    {
        JsonObject flag = new() { ["id"] = name, [Name(random, "enabled")] = random.Next(5) == 0 ? (JsonNode)"True" : (JsonNode)(random.Next(6) > 0) };
        IReadOnlyList<string> allowed = FlagNames.GetAllowedFilters(name);
        if (random.Next(6) == 0)
        {
            return flag;
        }

        JsonArray filters = [];
        for (int i = allowed.Count == 0 ? 0 : random.Next(4); i > 0; i--)
        {
            filters.Add(RandomFilter(random, allowed[random.Next(allowed.Count)]));
        }

        JsonObject conditions = new() { [Name(random, "client_filters")] = filters };
        if (random.Next(3) > 0)
        {
            conditions[Name(random, "requirement_type")] = Pick(random, "Any", "All", "all", "any", " ALL ", string.Empty);
        }

        flag[Name(random, "conditions")] = conditions;
        return flag;
    }

    private static JsonObject RandomFilter(Random random, string filter)
    {
        string spelled = random.Next(4) switch
        {
            0 => filter.ToUpperInvariant(),
            1 => filter.Split('.')[1],
            _ => filter,
        };
        return new JsonObject { [Name(random, "name")] = spelled, [Name(random, "parameters")] = filter switch
        {
            FlagNames.IssueLabelFilter => new JsonObject { [Name(random, "Labels")] = List(random, Labels) },
            FlagNames.TargetingFilter => new JsonObject { [Name(random, "Audience")] = Audience(random) },
            _ => Window(random),
        } };
    }

    private static JsonObject Audience(Random random)
    {
        JsonObject audience = new() { [Name(random, "DefaultRolloutPercentage")] = Percentage(random) };
        if (random.Next(2) == 0)
        {
            audience[Name(random, "Users")] = List(random, Users);
        }

        if (random.Next(2) == 0)
        {
            audience[Name(random, "Groups")] = new JsonArray([.. Groups.Where(_ => random.Next(3) == 0).Select(g => new JsonObject
            {
                [Name(random, "Name")] = g, [Name(random, "RolloutPercentage")] = Percentage(random),
            })]);
        }

        if (random.Next(4) == 0)
        {
            audience[Name(random, "Exclusion")] = new JsonObject { [Name(random, "Users")] = List(random, Users), [Name(random, "Groups")] = List(random, Groups) };
        }

        return audience;
    }

    private static JsonObject Window(Random random)
    {
        JsonObject window = [];
        if (random.Next(4) == 0)
        {
            return RecurringWindow(random);
        }

        string format = random.Next(2) == 0 ? "r" : "o";
        bool hasStart = random.Next(3) > 0;
        if (hasStart)
        {
            window[Name(random, "Start")] = Now.AddHours(random.Next(-48, 48)).ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (!hasStart || random.Next(2) == 0)
        {
            window[Name(random, "End")] = Now.AddHours(random.Next(-48, 48)).ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        }

        return window;
    }

    private static JsonObject RecurringWindow(Random random)
    {
        DateTimeOffset start = Now.AddDays(-random.Next(1, 20)).AddHours(random.Next(-12, 12));
        JsonObject pattern = random.Next(2) == 0
            ? new JsonObject { [Name(random, "Type")] = "Daily", [Name(random, "Interval")] = random.Next(1, 4) }
            : new JsonObject { ["Type"] = "weekly", [Name(random, "DaysOfWeek")] = new JsonArray($"{start.DayOfWeek}") };
        JsonObject range = random.Next(2) == 0
            ? new JsonObject { ["Type"] = "NoEnd" }
            : new JsonObject { ["Type"] = "Numbered", [Name(random, "NumberOfOccurrences")] = random.Next(1, 20) };
        return new JsonObject
        {
            ["Start"] = start.ToString("r", System.Globalization.CultureInfo.InvariantCulture),
            ["End"] = start.AddHours(random.Next(1, 20)).ToString("r", System.Globalization.CultureInfo.InvariantCulture),
            [Name(random, "Recurrence")] = new JsonObject { [Name(random, "Pattern")] = pattern, [Name(random, "Range")] = range },
        };
    }

    private static JsonNode Percentage(Random random)
    {
        double figure = random.Next(4) switch { 0 => 0, 1 => 100, 2 => random.Next(101), _ => Math.Round(random.NextDouble() * 100, 2) };
        return random.Next(3) == 0 ? (JsonNode)figure.ToString(System.Globalization.CultureInfo.InvariantCulture) : (JsonNode)figure;
    }

    private static JsonArray List(Random random, string[] values) => new([.. values.Where(_ => random.Next(3) == 0).Select(v => (JsonNode)v)]);

    private static string Name(Random random, string name) => random.Next(8) switch
    {
        0 => name.ToLowerInvariant(),
        1 => name.ToUpperInvariant(),
        _ => name,
    };

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];
#pragma warning restore CA5394
}
