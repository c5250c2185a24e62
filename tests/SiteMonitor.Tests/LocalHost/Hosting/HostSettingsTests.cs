using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class HostSettingsTests
{
    private static readonly Dictionary<string, string?> Sandbox = new()
    {
        ["GitHub:ApiBaseUrl"] = "http://127.0.0.1:1/", ["AzureOpenAI:Endpoint"] = "http://127.0.0.1:1/", ["AzureOpenAI:Deployment"] = "sandbox", ["AzureOpenAI:ApiKey"] = "sandbox",
    };

    [Fact]
    public void Another_Model_Beside_The_Simulated_GitHub_Does_Not_Get_The_Sandboxs_Key()
    {
        IReadOnlyDictionary<string, string?> settings = Read("--set", "AzureOpenAI:Endpoint=https://model.example/v1", "--set", "AzureOpenAI__Deployment=llama").With(Sandbox, null);

        Assert.Equal(("https://model.example/v1", "llama"), (settings["AzureOpenAI:Endpoint"], settings["AzureOpenAI:Deployment"]));
        Assert.False(settings.ContainsKey("AzureOpenAI:ApiKey"));
        Assert.Equal("http://127.0.0.1:1/", settings["GitHub:ApiBaseUrl"]);
    }

    [Fact]
    public void Without_One_The_Sandbox_Is_Its_Own_Model() =>
        Assert.Equal("sandbox", Read("--set", "AzureOpenAI:Timeout=00:00:10").With(Sandbox, null)["AzureOpenAI:ApiKey"]);

    private static HostSettings Read(params string[] arguments) => HostSettings.Read(HostArguments.Parse(["--sandbox", .. arguments], out _)!);
}
