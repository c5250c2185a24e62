using System.Diagnostics;
using System.Text.Json;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Runs the post-provision hook in a copy of the repository with a simulated <c>az</c>, in both shells.</summary>
public sealed class HookTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_directory.Path, "state");

    [Theory]
    [InlineData("sh")]
    [InlineData("pwsh")]
    public async Task Flags_And_Webhook_Secret_Are_Created_Once_And_Left_Alone_For_Ever_After(string shell)
    {
        Prepare(shell);
        string[] flags = [.. Directory.GetFiles(RepositoryRoot.File("infra", "flags")).Select(f => Path.GetFileNameWithoutExtension(f)!)];

        (int exit, string text) = await RunAsync(shell);

        Assert.True(exit == 0, text);
        Assert.Contains($"Feature flags: {flags.Length} created in their development state, 0 unchanged.", text, StringComparison.Ordinal);
        Assert.All(flags, f => Assert.True(File.Exists(Path.Combine(State, $"flag-{f}")), f));
        string secret = ReadState("secret-github-webhook-secret");
        Assert.Matches("^[0-9a-f]{64}$", secret);

        (exit, text) = await RunAsync(shell);

        Assert.True(exit == 0, text);
        Assert.Contains($"Feature flags: 0 created in their development state, {flags.Length} unchanged.", text, StringComparison.Ordinal);
        Assert.Contains("Webhook secret: exists already.", text, StringComparison.Ordinal);
        Assert.Contains("local.settings.json: unchanged.", text, StringComparison.Ordinal);
        Assert.Equal(secret, ReadState("secret-github-webhook-secret"));
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sh", "", "github-token")]
    [InlineData("sh", "12345", "github-app-key")]
    [InlineData("pwsh", "", "github-token")]
    [InlineData("pwsh", "12345", "github-app-key")]
    public async Task Secrets_Still_To_Set_Are_Named_And_Those_Set_Are_Read_Anew(string shell, string app, string signIn)
    {
        Prepare(shell);

        (_, string text) = await RunAsync(shell, ("SITEMONITOR_GITHUB_APP_ID", app));

        Assert.Equal(["github-copilot-token", signIn], text.Split('\n').Where(l => l.StartsWith("Missing secret", StringComparison.Ordinal)).Select(l => l.Split("--name ")[1].Split(' ')[0]));

        File.WriteAllText(Path.Combine(State, "secret-github-copilot-token"), "x");
        File.WriteAllText(Path.Combine(State, $"secret-{signIn}"), "x");
        File.Delete(Path.Combine(State, "log"));
        (_, text) = await RunAsync(shell, ("SITEMONITOR_GITHUB_APP_ID", app));

        Assert.DoesNotContain("Missing secret", text, StringComparison.Ordinal);
        Assert.Contains("App func-1: reads its secrets again.", text, StringComparison.Ordinal);
        Assert.Contains("/sites/func-1/config/configreferences/appsettings/refresh", ReadState("log"), StringComparison.Ordinal);
        Assert.Contains("functionapp restart", ReadState("log"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("pwsh")]
    public async Task The_Settings_For_A_Host_On_This_Machine_Are_The_Sample_With_What_Was_Provisioned(string shell)
    {
        Prepare(shell);

        await RunAsync(shell);

        Dictionary<string, string> written = Values(Path.Combine(_directory.Path, "local.settings.json"));
        Dictionary<string, string> expected = Values(RepositoryRoot.File("local.settings.sample.json"));
        expected["FeatureFlags__File"] = string.Empty;
        expected["AppConfiguration__Endpoint"] = "https://appcs-1.azconfig.io";
        expected["AzureOpenAI__Endpoint"] = "https://oai-1.openai.azure.com/";
        expected["AzureOpenAI__Deployment"] = "sitemonitor";
        expected["AzureOpenAI__ApiVersion"] = "2025-04-01-preview";
        expected["AzureOpenAI__ReasoningModel"] = "true";
        expected["AzureOpenAI__MaxCompletionTokens"] = "6000";
        Assert.Equal(expected.OrderBy(v => v.Key), written.OrderBy(v => v.Key));
    }

    [Theory]
    [InlineData("sh")]
    [InlineData("pwsh")]
    public async Task A_Store_That_Refuses_Ends_The_Hook_With_What_It_Said_And_What_To_Do(string shell)
    {
        Prepare(shell);

        (int exit, string text) = await RunAsync(shell, ("AZ_FORBIDS", "1"));

        Assert.NotEqual(0, exit);
        Assert.Contains("Forbidden", text, StringComparison.Ordinal);
        Assert.Contains("azd hooks run postprovision", text, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Simulates Azure for the hooks' calls; flags and secrets are files.</summary>
    private const string Az = """
        #!/bin/sh
        echo "$@" >> "$AZ_STATE/log"
        all="$*"
        name= file=
        while [ $# -gt 0 ]; do
          case $1 in
            --name) name=$2 ;;
            --file) file=$2 ;;
            --url) flag=${2#*%2F}; flag=${flag%%\?*} ;;
          esac
          shift
        done
        case $all in
          rest*--resource*) [ -z "$AZ_FORBIDS" ] || { echo "ERROR: Forbidden({\"traceId\":\"1412\"})" >&2; exit 1; } ;;
        esac
        case $all in
          rest*"--method put"*) [ ! -e "$AZ_STATE/flag-$flag" ] || { echo "ERROR: Precondition Failed()" >&2; exit 1; }; : > "$AZ_STATE/flag-$flag" ;;
          rest*"--method get"*) [ -e "$AZ_STATE/flag-$flag" ] || { echo "ERROR: Not Found()" >&2; exit 1; } ;;
          "keyvault secret show"*) [ -e "$AZ_STATE/secret-$name" ] || { echo "ERROR: (SecretNotFound) A secret with (name/id) $name was not found" >&2; exit 3; } ;;
          "keyvault secret set"*) cp "$file" "$AZ_STATE/secret-$name" ;;
        esac
        """;

    private void Prepare(string shell)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for az is a script for sh.");
        Assert.SkipUnless(Programs.IsInstalled(shell), $"{shell} is not installed.");
        Directory.CreateDirectory(State);
        foreach (string folder in (string[])["infra/scripts", "infra/flags"])
        {
            Directory.CreateDirectory(Path.Combine(_directory.Path, folder));
            foreach (string file in Directory.GetFiles(RepositoryRoot.File(folder)))
            {
                File.Copy(file, Path.Combine(_directory.Path, folder, Path.GetFileName(file)));
            }
        }

        File.Copy(RepositoryRoot.File("local.settings.sample.json"), Path.Combine(_directory.Path, "local.settings.sample.json"));
        string az = _directory.Write("az", Az.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(az, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int Exit, string Text)> RunAsync(string shell, params (string Name, string Value)[] variables)
    {
        string script = Path.Combine(_directory.Path, "infra", "scripts", shell == "sh" ? "postprovision.sh" : "postprovision.ps1");
        ProcessStartInfo start = new(shell, shell == "sh" ? [script] : ["-NoProfile", "-File", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_directory.Path}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["AZ_STATE"] = State;
        start.Environment["HOOK_PATIENCE_SECONDS"] = "0";
        start.Environment["SITEMONITOR_APP_CONFIGURATION_ENDPOINT"] = "https://appcs-1.azconfig.io";
        start.Environment["SITEMONITOR_KEY_VAULT_NAME"] = "kv-1";
        start.Environment["SITEMONITOR_OPENAI_ENDPOINT_USED"] = "https://oai-1.openai.azure.com/";
        start.Environment["SITEMONITOR_OPENAI_DEPLOYMENT_USED"] = "sitemonitor";
        start.Environment["SITEMONITOR_OPENAI_API_VERSION_USED"] = "2025-04-01-preview";
        start.Environment["SITEMONITOR_OPENAI_REASONING_USED"] = "true";
        start.Environment["SITEMONITOR_OPENAI_MAX_TOKENS_USED"] = "6000";
        start.Environment["AZURE_SUBSCRIPTION_ID"] = "sub-1";
        start.Environment["AZURE_RESOURCE_GROUP"] = "rg-1";
        start.Environment["SERVICE_API_NAME"] = "func-1";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Stop);
        string output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, output + await errors);
    }

    private string ReadState(string name) => File.ReadAllText(Path.Combine(State, name));

    private static Dictionary<string, string> Values(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return document.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!);
    }
}
