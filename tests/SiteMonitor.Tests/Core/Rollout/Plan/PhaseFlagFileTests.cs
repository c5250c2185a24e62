using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Core.Rollout.Plan;

/// <summary>One source: the flags that provisioning creates are those of the plan's first phase.</summary>
public sealed class PhaseFlagFileTests
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Provisioning_Creates_The_Flags_Of_The_First_Phase_And_No_Others()
    {
        Dictionary<string, string> expected = PlanParseResult.Default.Phases[0].Flags.Targets().ToDictionary(t => $"{t.Flag}.json", WriteProvisioned);
        string[] files = Directory.GetFiles(RepositoryRoot.File("infra", "flags"));

        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, f => Assert.Equal(expected[Path.GetFileName(f)], File.ReadAllText(f).ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task A_Phases_Flag_File_Is_What_The_File_Store_Reads()
    {
        foreach (PhasePlan phase in PlanParseResult.Default.Phases)
        {
            using var directory = new SiteMonitor.Tests.LocalHost.TestDirectory();
            string path = Path.Combine(directory.Path, "flags.json");
            await File.WriteAllTextAsync(path, PhaseFlagFile.Text(phase), TestContext.Current.CancellationToken);
            var store = new SiteMonitor.Integrations.FeatureFlags.FileFlagStore(path, TimeProvider.System);
            var loaded = (FlagReadResult.Loaded)await store.ReadAsync(null, TestContext.Current.CancellationToken);

            Assert.Empty(loaded.Snapshot.Problems);
            Assert.All(phase.Flags.Targets(), t => Assert.Equal(t.Setting, loaded.Snapshot.GetSetting(t.Flag)));
        }
    }

    /// <summary>A flag as the body of a PUT to Azure App Configuration: what the post-provision step sends.</summary>
    private static string WriteProvisioned(FlagTarget target) => new JsonObject
    {
        ["content_type"] = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8",
        ["value"] = FlagSettingWriter.Apply(target.Flag, existing: null, target.Setting),
    }.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
}
