using System.Text.Json;
using System.Text.RegularExpressions;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Checks the Bicep files without a subscription: they compile, and match each other and the application.</summary>
public sealed partial class BicepTests
{
    private static readonly BicepFile Main = new(RepositoryRoot.File("infra", "main.bicep"));

    [Fact]
    public async Task The_Compiler_And_Its_Linter_Find_Nothing_Wrong()
    {
        (int exit, _, string diagnostics) = await BicepCompiler.CompileAsync(Main.Path);

        Assert.Equal((0, string.Empty), (exit, diagnostics.Trim()));
    }

    [Fact]
    public void Every_Module_Gets_Just_The_Parameters_It_Declares()
    {
        Assert.NotEmpty(Main.Modules);
        foreach (BicepModule module in Main.Modules)
        {
            BicepFile file = Open(module);
            Assert.Empty(module.Arguments.Except(file.Parameters.Select(p => p.Name)));
            Assert.Empty(file.Parameters.Where(p => !p.HasDefault).Select(p => p.Name).Except(module.Arguments));
        }
    }

    [Fact]
    public void Every_Output_That_Is_Used_Exists_And_Every_Output_Of_A_Module_Is_Used()
    {
        Dictionary<string, BicepFile> modules = Main.Modules.ToDictionary(m => m.Symbol, Open);
        foreach ((string module, string output) in Main.OutputUses)
        {
            Assert.Contains(output, modules[module].Outputs);
        }

        foreach ((string symbol, BicepFile file) in modules)
        {
            Assert.Empty(file.Outputs.Except(Main.OutputUses.Where(u => u.Module == symbol).Select(u => u.Output)));
        }
    }

    [Fact]
    public void Every_Module_File_Is_Used() =>
        Assert.Equal(
            Directory.GetFiles(RepositoryRoot.File("infra", "modules"), "*.bicep").Select(Path.GetFileName).Order(),
            Main.Modules.Select(m => Path.GetFileName(m.Path)).Order());

    [Fact]
    public void Every_Declared_Parameter_Is_Used_In_Its_File()
    {
        foreach (BicepFile file in Main.Modules.Select(Open).Append(Main))
        {
            foreach (BicepParameter parameter in file.Parameters)
            {
                Assert.True(Regex.Count(file.Text, $@"\b{parameter.Name}\b") > 1, $"{file.Path}: parameter {parameter.Name} is not used.");
            }
        }
    }

    [Fact]
    public void The_Parameter_File_Names_Only_Parameters_Of_Main_And_All_That_Have_No_Default()
    {
        using JsonDocument parameters = JsonDocument.Parse(RepositoryRoot.Read("infra", "main.parameters.json"));
        string[] given = [.. parameters.RootElement.GetProperty("parameters").EnumerateObject().Select(p => p.Name)];
        Assert.Empty(given.Except(Main.Parameters.Select(p => p.Name)));
        Assert.Empty(Main.Parameters.Where(p => !p.HasDefault).Select(p => p.Name).Except(given));
    }

    [Fact]
    public void Every_Abbreviation_Exists_And_Is_Used()
    {
        using JsonDocument abbreviations = JsonDocument.Parse(RepositoryRoot.Read("infra", "abbreviations.json"));
        Assert.Equal(
            abbreviations.RootElement.EnumerateObject().Select(p => p.Name).Order(),
            AbbreviationPattern().Matches(Main.Text).Select(m => m.Groups[1].Value).Distinct().Order());
    }

    [Fact]
    public void Storage_App_Configuration_Model_And_Telemetry_Accept_Identities_Only()
    {
        Assert.Contains("allowSharedKeyAccess: false", Module("storage"), StringComparison.Ordinal);
        Assert.Contains("disableLocalAuth: true", Module("appconfiguration"), StringComparison.Ordinal);
        Assert.Contains("disableLocalAuth: true", Module("openai"), StringComparison.Ordinal);
        Assert.Contains("DisableLocalAuth: true", Module("monitoring"), StringComparison.Ordinal);
        Assert.Contains("enableRbacAuthorization: true", Module("keyvault"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_Template_Writes_A_Flag_Or_A_Secret_Value()
    {
        foreach (BicepFile file in Main.Modules.Select(Open).Append(Main))
        {
            Assert.DoesNotContain("configurationStores/keyValues", file.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("vaults/secrets@", file.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_Variable_The_Hooks_Read_Is_An_Output_Of_Main_Or_Set_For_It()
    {
        string[] known = ["AZURE_SUBSCRIPTION_ID", .. Main.Outputs, .. VariablePattern().Matches(RepositoryRoot.Read("infra", "main.parameters.json")).Select(m => m.Value)];
        foreach (string script in Directory.GetFiles(RepositoryRoot.File("infra", "scripts")))
        {
            IEnumerable<string> read = VariablePattern().Matches(File.ReadAllText(script)).Select(m => m.Value).Distinct();
            Assert.Empty(read.Except(known));
        }
    }

    [Fact]
    public void Azure_Yaml_Names_A_Hook_For_Each_Shell_And_Each_Exists()
    {
        string[] hooks = [.. HookPattern().Matches(RepositoryRoot.Read("azure.yaml")).Select(m => m.Groups[1].Value)];
        Assert.Equal(4, hooks.Length);
        Assert.All(hooks, hook => Assert.True(File.Exists(RepositoryRoot.File(hook)), hook));
        Assert.Equal(hooks.Where(h => h.EndsWith(".sh", StringComparison.Ordinal)).Select(h => h[..^3]).Order(), hooks.Where(h => h.EndsWith(".ps1", StringComparison.Ordinal)).Select(h => h[..^4]).Order());
    }

    private static BicepFile Open(BicepModule module) => new(Path.Combine(Path.GetDirectoryName(Main.Path)!, module.Path));

    private static string Module(string name) => RepositoryRoot.Read("infra", "modules", name + ".bicep");

    [GeneratedRegex(@"(?<!/)abbreviations\.(\w+)")]
    private static partial Regex AbbreviationPattern();

    [GeneratedRegex("(?:SITEMONITOR|AZURE|SERVICE)_[A-Z_]+")]
    private static partial Regex VariablePattern();

    [GeneratedRegex(@"run: (\S+)")]
    private static partial Regex HookPattern();
}
