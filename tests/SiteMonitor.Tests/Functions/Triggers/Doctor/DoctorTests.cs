using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Integrations.GitHub.Doctor;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Functions.Triggers.Doctor;

/// <summary>The doctor over HTTP, in the whole application beside the simulated GitHub and model.</summary>
public sealed class DoctorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Sound_Installation_Has_No_Failure_And_Every_Check_Speaks()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true);

        DoctorReport report = await LookAsync(app);

        Assert.DoesNotContain(report.Findings, f => f.Level == FindingLevel.Failure);
        Assert.Equal(["settings", "sign-in", "clock", "repositories", "copilot", "labels", "webhook", "flags", "storage", "model", "announcements"], report.Findings.Select(f => f.Check).Distinct());
        Assert.Contains("issues and pull_request", Finding(report, "webhook").Detail, StringComparison.Ordinal);
        Assert.All(report.Findings, f => Assert.Equal(f.Level == FindingLevel.Ok, f.Advice.Length == 0));
    }

    [Fact]
    public async Task Without_A_Channel_For_Announcements_It_Warns()
    {
        await using PipelineApp silent = await PipelineApp.StartAsync();
        await using PipelineApp heard = await PipelineApp.StartAsync(settings: new()
        {
            ["Announcements:Channels:slack:Kind"] = "slack",
            ["Announcements:Channels:slack:Url"] = "https://hooks.slack.test/services/x",
        });

        Finding nobody = Finding(await LookAsync(silent), "announcements");
        Finding somebody = Finding(await LookAsync(heard), "announcements");

        Assert.Equal(FindingLevel.Warning, nobody.Level);
        Assert.Contains("nobody is told", nobody.Detail, StringComparison.Ordinal);
        Assert.Contains("slack", nobody.Advice, StringComparison.Ordinal);
        Assert.Equal(FindingLevel.Ok, somebody.Level);
        Assert.DoesNotContain("slack", somebody.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_Writes_Nothing_And_Fixing_Creates_The_Labels_That_Are_Missing()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: services => services.AddSingleton(WithNewSpecialist()));
        int before = app.GitHub.Writes.Count;

        Finding missing = Finding(await LookAsync(app), "labels");
        int afterLook = app.GitHub.Writes.Count;
        Finding mended = Finding(await FixAsync(app), "labels");
        Finding again = Finding(await LookAsync(app), "labels");

        Assert.Equal(before, afterLook);
        Assert.Equal((FindingLevel.Warning, FindingLevel.Ok, FindingLevel.Ok), (missing.Level, mended.Level, again.Level));
        Assert.Contains("brand-profiler", missing.Detail, StringComparison.Ordinal);
        Assert.Contains("created brand-profiler", mended.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Refused_Credential_A_Hidden_Repository_And_A_Wrong_Model_Are_Named_With_What_To_Do_And_No_Secret()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(settings: new()
        {
            ["GitHub:Token"] = "ghp_wrongwrongwrong",
            ["AzureOpenAI:Deployment"] = "no-such-deployment",
        });

        DoctorReport report = await LookAsync(app);

        foreach (string check in (string[])["sign-in", "repositories", "model"])
        {
            Finding finding = report.Findings.First(f => f.Check == check && f.Level == FindingLevel.Failure);
            Assert.NotEmpty(finding.Advice);
        }

        Assert.DoesNotContain(report.Findings, f => f.Detail.Contains("ghp_wrong", StringComparison.Ordinal) || f.Detail.Contains(PipelineApp.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signed_In_As_An_App_The_Installation_And_Its_Webhook_Are_Looked_At_Too()
    {
        using RSA key = RSA.Create(2048);
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, settings: new()
        {
            ["GitHub:Token"] = "",
            ["GitHub:AppId"] = new SandboxCredentials().AppId.ToString(CultureInfo.InvariantCulture),
            ["GitHub:InstallationId"] = new SandboxCredentials().InstallationId.ToString(CultureInfo.InvariantCulture),
            ["GitHub:PrivateKey"] = key.ExportRSAPrivateKeyPem(),
        });

        DoctorReport report = await LookAsync(app);

        Assert.DoesNotContain(report.Findings, f => f.Level == FindingLevel.Failure);
        Assert.Contains(report.Findings, f => f.Check == "sign-in" && f.Detail.StartsWith("GitHub:AppId is sitemonitor[bot]", StringComparison.Ordinal));
        Assert.Equal("The App's installation may read and write issues, and read pull requests.", Finding(report, "app").Detail);
        Assert.StartsWith("the App sends issues and pull_request", Finding(report, "webhook").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_App_Whose_Key_GitHub_Does_Not_Know_Is_Named_With_What_To_Check()
    {
        using RSA known = RSA.Create(2048);
        using RSA other = RSA.Create(2048);
        SandboxCredentials credentials = new() { AppPublicKey = known.ExportSubjectPublicKeyInfoPem() };
        await using PipelineApp app = await PipelineApp.StartAsync(sandbox: new SandboxOptions { Seeds = SeedSet.Empty, Credentials = credentials }, settings: new()
        {
            ["GitHub:Token"] = "",
            ["GitHub:AppId"] = credentials.AppId.ToString(CultureInfo.InvariantCulture),
            ["GitHub:InstallationId"] = credentials.InstallationId.ToString(CultureInfo.InvariantCulture),
            ["GitHub:PrivateKey"] = other.ExportRSAPrivateKeyPem(),
        });

        DoctorReport report = await LookAsync(app);

        Finding signIn = report.Findings.First(f => f.Check == "sign-in");
        Assert.Equal(FindingLevel.Failure, signIn.Level);
        Assert.Contains("GitHub:PrivateKey", signIn.Detail, StringComparison.Ordinal);
        Assert.Equal(FindingLevel.Failure, Finding(report, "app").Level);
        Assert.DoesNotContain(report.Findings, f => f.Detail.Contains("PRIVATE KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_Unavailable_Copilot_Is_A_Failure_With_What_To_Do()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Copilot = CopilotBehaviour.Unavailable;

        Finding copilot = Finding(await LookAsync(app), "copilot");

        Assert.Equal(FindingLevel.Failure, copilot.Level);
        Assert.Contains("Copilot seat", copilot.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_A_Webhook_That_Is_Said()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        Finding webhook = Finding(await LookAsync(app), "webhook");

        Assert.Equal(FindingLevel.Warning, webhook.Level);
        Assert.Contains("no webhook", webhook.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, FindingLevel.Ok)]
    [InlineData(30, FindingLevel.Warning)]
    [InlineData(61, FindingLevel.Failure)]
    public void A_Clock_That_Is_Off_Is_A_Finding(int seconds, FindingLevel expected) => Assert.Equal(expected, ClockCheck.Judge(TimeSpan.FromSeconds(seconds)).Level);

    [Theory]
    [InlineData(0, FindingLevel.Ok)]
    [InlineData(86400, FindingLevel.Warning)]
    public void A_Sandboxs_Clock_May_Run_Ahead(int seconds, FindingLevel expected) =>
        Assert.Equal(expected, ClockCheck.Judge(TimeSpan.FromSeconds(seconds), isSandbox: true).Level);

    private static SpecialistCatalogue WithNewSpecialist()
    {
        SpecialistCatalogue builtIn = CatalogueLoader.BuiltIn;
        return builtIn with { Specialists = [.. builtIn.Specialists, builtIn.Specialists[0] with { Label = "brand-profiler" }] };
    }

    private static Finding Finding(DoctorReport report, string check) => report.Findings.Single(f => f.Check == check);

    private static async Task<DoctorReport> LookAsync(PipelineApp app) =>
        (await app.Http.GetFromJsonAsync("api/doctor", ContractJson.Default.Of<DoctorReport>(), Stop))!;

    private static async Task<DoctorReport> FixAsync(PipelineApp app) =>
        (await (await app.PostAsync("api/doctor", new DoctorRequest { Fix = true })).Content.ReadFromJsonAsync(ContractJson.Default.Of<DoctorReport>(), Stop))!;
}
