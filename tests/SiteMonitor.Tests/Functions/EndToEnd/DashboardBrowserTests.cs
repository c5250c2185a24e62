using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Polly.CircuitBreaker;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Integrations.Resilience;
using static Microsoft.Playwright.Assertions;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The dashboard as an operator sees it, in Chromium.</summary>
public sealed class DashboardBrowserTests(DashboardBrowser browser) : IClassFixture<DashboardBrowser>
{
    private const int PhoneWidth = 390;
    private const int PhoneHeight = 844;

    /// <summary>All rules run, but axe reports only one element for each rule that passes: listing all takes most of its time.</summary>
    private static readonly AxeRunOptions AxeOptions = new() { ResultTypes = [ResultType.Violations] };

    [Fact]
    public async Task It_Asks_For_The_Key_Keeps_It_Over_A_Reload_And_Shows_It_Nowhere()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        IPage page = dashboard.Page;

        await page.GotoAsync("api/dashboard");
        await page.GetByLabel("Key", new PageGetByLabelOptions { Exact = true }).FillAsync("not-the-key");
        await dashboard.Button("Show the dashboard").ClickAsync();
        await Expect(page.Locator("#key-problem")).ToContainTextAsync("does not accept this key");

        await page.GetByLabel("Key", new PageGetByLabelOptions { Exact = true }).FillAsync(scene.Key);
        await dashboard.Button("Show the dashboard").ClickAsync();
        await Expect(page.Locator("#verdict-word")).ToHaveTextAsync("Healthy");
        await page.ReloadAsync();
        await Expect(page.Locator("#verdict-word")).ToHaveTextAsync("Healthy");

        Assert.DoesNotContain(scene.Key, page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(scene.Key, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(await page.Context.CookiesAsync());
    }

    [Fact]
    public async Task A_Key_In_The_Fragment_Leaves_The_Address_And_Nothing_Offends_The_Policy()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);

        await dashboard.ShowAsync(scene.Key);

        Assert.EndsWith("/api/dashboard", dashboard.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(dashboard.Complaints, c => !c.Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_Verdict_Is_Asked_For_First_And_Shown_Before_The_Rest_Has_Come()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        IPage page = dashboard.Page;
        List<string> requests = [];
        page.Request += (_, request) => requests.Add(new Uri(request.Url).AbsolutePath);
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/api/metrics**", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });

        await page.GotoAsync($"api/dashboard#key={scene.Key}");

        await Expect(page.Locator("#verdict-word")).ToHaveTextAsync("Healthy");
        Assert.Equal(0, await page.Locator("body[data-ready=yes]").CountAsync());
        Assert.Equal("/api/rollout", requests.First(path => !path.StartsWith("/api/dashboard", StringComparison.Ordinal)));
        held.SetResult();
        await page.WaitForSelectorAsync("body[data-ready=yes]");
    }

    [Fact]
    public async Task Without_An_Answer_The_Figures_Are_Marked_As_Old_Until_The_Retry_Works()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);

        await dashboard.Page.RouteAsync("**/api/**", route => route.AbortAsync());
        await dashboard.Page.GetByLabel("Span").SelectOptionAsync("30");
        await Expect(dashboard.Page.Locator("#notice")).ToContainTextAsync("may be old");
        await Expect(dashboard.Page.Locator("#verdict-word")).ToHaveTextAsync("Down");
        await Expect(dashboard.Page.Locator("body")).ToHaveClassAsync("is-old");

        await dashboard.Page.UnrouteAsync("**/api/**");
        await dashboard.Button("Retry now").ClickAsync();
        await Expect(dashboard.Page.Locator("#verdict-word")).ToHaveTextAsync("Healthy");
        await Expect(dashboard.Page.Locator("#notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task It_Shows_Verdict_Phases_Sides_Gate_Guard_Flags_Targets_And_Audit_Log()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);
        IPage page = dashboard.Page;

        await Expect(page.Locator(".step[aria-current=step]")).ToContainTextAsync("50 %");
        await Expect(page.Locator(".step").First).ToContainTextAsync("no traffic");
        await Expect(page.Locator(".step").First.Locator(".step-fill")).ToHaveCountAsync(0);
        await Expect(page.Locator(".step.past .step-fill")).ToHaveCountAsync(2);
        await Expect(page.Locator("#side-errors")).ToHaveTextAsync("Error rate");
        await Expect(page.Locator(".side .chart polyline.line-unified").First).ToBeAttachedAsync();
        await Expect(page.Locator(".side .chart polyline.line-legacy").First).ToBeAttachedAsync();
        Assert.Equal(await page.Locator(".side .chart").CountAsync(), await page.Locator(".side table").CountAsync());
        Assert.True(await page.Locator(".side .mark-sign").CountAsync() >= 3);
        await Expect(page.Locator("#gate .row").First).ToBeVisibleAsync();
        await Expect(page.Locator("#guard")).ToContainTextAsync("Lost text");
        await Expect(page.Locator("#flags")).ToContainTextAsync("UnifiedPipeline.Analysis");
        await Expect(page.Locator("#audit")).ToContainTextAsync("34 compared, all explained");
        await Expect(page.Locator("#audit")).ToContainTextAsync("flag UnifiedPipeline");

        // Only half of the traffic goes the new way, and that is right in this phase.
        await Expect(page.Locator("[data-figure=migration]")).ToContainTextAsync("judged from 'full' on");
        await Expect(page.Locator("[data-figure=migration] [data-tone=bad]")).ToHaveCountAsync(0);
        await dashboard.KeepPictureAsync("dashboard", 1000);
    }

    [Fact]
    public async Task The_Charts_Are_Read_With_Arrow_Keys()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);

        await dashboard.Page.Locator(".chart").Nth(1).FocusAsync();
        await dashboard.Page.Keyboard.PressAsync("ArrowLeft");
        string last = await dashboard.Page.Locator(".tip").Nth(1).InnerTextAsync();
        await dashboard.Page.Keyboard.PressAsync("ArrowLeft");
        string before = await dashboard.Page.Locator(".tip").Nth(1).InnerTextAsync();

        Assert.Contains("Unified", last, StringComparison.Ordinal);
        Assert.Contains("Legacy", last, StringComparison.Ordinal);
        Assert.NotEqual(last, before);
    }

    [Fact]
    public async Task Runs_Appear_Live_Are_Filtered_And_Open()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);
        IPage page = dashboard.Page;

        await Expect(page.Locator("#updated.live")).ToBeVisibleAsync();
        await scene.EndRunAsync(9003);
        await dashboard.Button($"{PipelineApp.Repository}#9003").ClickAsync();
        await Expect(page.Locator("#run-dialog")).ToContainTextAsync("Preparation, unified");
        await Expect(page.Locator("#run-dialog")).ToContainTextAsync("targeting: 50 %");
        await Expect(page.Locator("#run-dialog")).ToContainTextAsync("1840 tokens");
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open the issue on GitHub" })).ToHaveAttributeAsync("href", $"https://github.com/{PipelineApp.Repository}/issues/9003");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#run-dialog")).ToBeHiddenAsync();

        await page.GetByLabel("Outcome").SelectOptionAsync("failed,critical");
        await Expect(dashboard.Button($"{PipelineApp.Repository}#9003")).ToHaveCountAsync(0);
        await Expect(page.Locator("#runs-ended tbody tr").First).ToContainTextAsync("failed");
    }

    [Fact]
    public async Task A_Rollback_Is_Tried_Out_Asks_For_Name_And_Reason_And_Then_Happens()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);
        IPage page = dashboard.Page;

        await dashboard.Button("Roll back").ClickAsync();
        await Expect(page.Locator(".preview")).ToContainTextAsync("UnifiedPipeline");
        await dashboard.Button("Roll back now").ClickAsync();
        await Expect(page.Locator("#action-dialog [role=alert]")).ToContainTextAsync("Your name");
        Assert.Null((await StateAsync(scene)).RolledBack);

        await page.GetByLabel("Your name").FillAsync("maria");
        await page.GetByLabel("Reason").FillAsync("errors since 14:02");
        await dashboard.Button("Roll back now").ClickAsync();
        await Expect(page.Locator("#action-title")).ToHaveTextAsync("Done");
        await dashboard.Button("Close").ClickAsync();

        await Expect(page.Locator("#verdict-word")).ToHaveTextAsync("Rolled back");
        await Expect(page.Locator("#incidents")).ToContainTextAsync("Full rollback in phase half");

        // The resumption shortly before is at the same place of the time axis.
        await Expect(page.Locator("#sides .chart").First.Locator(".mark-sign").Last).ToHaveClassAsync("mark-sign bad");
        Assert.Equal("errors since 14:02", (await StateAsync(scene)).RolledBack?.Reason);
    }

    [Fact]
    public async Task Several_Criteria_Are_Confirmed_At_Once()
    {
        await using DashboardScene scene = await DashboardScene.StartEmptyAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);
        IPage page = dashboard.Page;

        await page.Locator("#gate").GetByLabel("All code merged").CheckAsync();
        await page.Locator("#gate").GetByLabel("All tests pass").CheckAsync();
        await dashboard.Button("Confirm criteria…").ClickAsync();
        await page.GetByLabel("Your name").FillAsync("maria");
        await page.GetByLabel("What it rests on").FillAsync("CI of the tag v1.0, looked at today");
        await Expect(page.Locator(".preview")).ToContainTextAsync("'tests-pass' is confirmed");
        await dashboard.Button("Confirm").ClickAsync();
        await Expect(page.Locator("#action-title")).ToHaveTextAsync("Done");

        Assert.Equal(["code-merged", "tests-pass"], (await StateAsync(scene)).Confirmations.Select(c => c.Criterion).Order());
    }

    [Fact]
    public async Task Phases_That_The_Rollout_Did_Not_Enter_Had_No_Traffic()
    {
        await using DashboardScene scene = await DashboardScene.StartEmptyAsync("full");
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);

        ILocator past = dashboard.Page.Locator(".step.past");
        await Expect(past).ToHaveCountAsync(4);
        Assert.All(await past.AllInnerTextsAsync(), text => Assert.Contains("not entered, no traffic", text, StringComparison.Ordinal));
        await Expect(past.Locator(".step-fill")).ToHaveCountAsync(0);
        await Expect(dashboard.Page.Locator(".step[aria-current=step] .step-fill")).ToHaveCountAsync(1);
        await CheckAsync(dashboard.Page, "a rollout that began in a later phase");
    }

    [Fact]
    public async Task Reset_Evidence_Is_Offered_When_The_Gate_Counts_Resolved_Incidents()
    {
        await using DashboardScene scene = await DashboardScene.StartEmptyAsync("full");
        OperatorRequest request = new() { Operator = "maria", Reason = "a trial" };
        await scene.PostAsync("rollout/rollback", request);
        await scene.PostAsync("rollout/resume", request);
        await scene.PostAsync("incidents/INC-1/resolve", request);
        DateTimeOffset before = (await StateAsync(scene)).EvidenceFrom;
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);
        IPage page = dashboard.Page;

        await dashboard.Button("Reset the evidence…").ClickAsync();
        await Expect(page.Locator(".preview")).ToContainTextAsync("the gate counts from now on");
        await CheckAsync(page, "reset evidence dialog");
        await page.GetByLabel("Your name").FillAsync("maria");
        await dashboard.Button("Reset the evidence").ClickAsync();
        await Expect(page.Locator("#action-dialog [role=alert]")).ToContainTextAsync("A reason is needed");
        Assert.Equal(before, (await StateAsync(scene)).EvidenceFrom);

        await page.GetByLabel("What was fixed").FillAsync("the incident was a trial");
        await dashboard.Button("Reset the evidence").ClickAsync();
        await Expect(page.Locator("#action-title")).ToHaveTextAsync("Done");
        await dashboard.Button("Close").ClickAsync();

        await Expect(dashboard.Button("Reset the evidence…")).ToHaveCountAsync(0);
        Assert.True((await StateAsync(scene)).EvidenceFrom > before);
    }

    [Fact]
    public async Task Reset_Evidence_Is_Not_Offered_When_The_Gate_Counts_Only_Open_Incidents()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await scene.RollBackAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);

        await Expect(dashboard.Page.Locator("#gate .row[data-tone=bad]")).ToContainTextAsync("Open incidents");
        await Expect(dashboard.Button("Reset the evidence…")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_Advance_That_The_Gate_Refuses_Says_What_Is_Missing()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);

        await dashboard.Button("Advance…").ClickAsync();

        await Expect(dashboard.Page.Locator(".preview")).ToContainTextAsync("This would be refused");
        await Expect(dashboard.Page.Locator(".preview li").First).ToBeVisibleAsync();
        await Expect(dashboard.Button("Advance")).ToBeDisabledAsync();
    }

    [Fact]
    public async Task On_A_Phone_Verdict_And_Rollback_Are_On_The_First_Screen_And_Nothing_Is_Cut_Off()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address, PhoneWidth, PhoneHeight);
        await dashboard.ShowAsync(scene.Key);

        LocatorBoundingBoxResult button = (await dashboard.Button("Roll back").BoundingBoxAsync())!;

        Assert.True(button.Y + button.Height < PhoneHeight, "The rollback is below the first screen.");
        Assert.Equal(PhoneWidth, await dashboard.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.True(
            await dashboard.Page.EvaluateAsync<bool>("[...document.querySelectorAll('.step')].every(step => step.scrollWidth <= step.clientWidth)"),
            "The text of a phase lies on the next phase.");
        await dashboard.KeepPictureAsync("dashboard-phone");
    }

    [Fact]
    public async Task A_Rollback_By_The_Guard_Shows_The_Incident_On_A_Phones_First_Screen()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await scene.RollBackAsync();
        await using DashboardPage phone = await browser.OpenAsync(scene.Address, PhoneWidth, PhoneHeight);
        await phone.ShowAsync(scene.Key);
        await using DashboardPage desktop = await browser.OpenAsync(scene.Address);
        await desktop.ShowAsync(scene.Key);

        LocatorBoundingBoxResult incident = (await phone.Page.Locator(".incident h3").BoundingBoxAsync())!;

        Assert.True(incident.Y + incident.Height < PhoneHeight, "The incident is below the first screen.");
        await Expect(desktop.Page.Locator("#verdict-word")).ToHaveTextAsync("Rolled back");
        await desktop.KeepPictureAsync("dashboard-rolled-back", 900);
    }

    [Fact]
    public async Task A_Service_That_Is_Down_Is_Named_Under_The_Verdict()
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        CircuitBreaker model = scene.App.Services.GetRequiredService<CircuitBreakers>().Get(CircuitBreakers.Model);
        for (int i = 0; i < 4; i++)
        {
            await model.ExecuteAsync(_ => ValueTask.FromResult(503), TestContext.Current.CancellationToken);
        }

        while (model.RetryAt is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(async () =>
            await model.ProbeIfOpenAsync(_ => ValueTask.FromResult(503), TestContext.Current.CancellationToken));
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);

        await Expect(dashboard.Page.Locator("#services h3")).ToContainTextAsync("A service is down");
        await Expect(dashboard.Page.Locator("#services")).ToContainTextAsync("model is down since");
        await CheckAsync(dashboard.Page, "service down");
        Assert.Empty(dashboard.Complaints);
    }

    [Fact]
    public async Task An_Empty_Rollout_Says_What_To_Do_First()
    {
        await using DashboardScene scene = await DashboardScene.StartEmptyAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address);
        await dashboard.ShowAsync(scene.Key);

        await Expect(dashboard.Page.Locator("#verdict-word")).ToHaveTextAsync("Watching");
        await Expect(dashboard.Page.Locator("#runs")).ToContainTextAsync("sitemonitor process-pipeline");
        await Expect(dashboard.Page.Locator("#targets [data-tone=bad]")).ToHaveCountAsync(0);
        await dashboard.KeepPictureAsync("dashboard-empty", 900);
    }

    [Theory]
    [InlineData(1280, 900, ColorScheme.Light)]
    [InlineData(1280, 900, ColorScheme.Dark)]
    [InlineData(PhoneWidth, PhoneHeight, ColorScheme.Light)]
    public async Task Axe_Finds_Nothing_In_Any_State(int width, int height, ColorScheme theme)
    {
        await using DashboardScene scene = await DashboardScene.StartAsync();
        await using DashboardPage dashboard = await browser.OpenAsync(scene.Address, width, height, theme);
        await dashboard.Page.GotoAsync("api/dashboard");
        await Expect(dashboard.Page.Locator("#key-form")).ToBeVisibleAsync();
        await CheckAsync(dashboard.Page, "key form");

        await dashboard.ShowAsync(scene.Key);
        await CheckAsync(dashboard.Page, "healthy");
        if (theme == ColorScheme.Dark)
        {
            await dashboard.KeepPictureAsync("dashboard-dark", 900);
        }

        await dashboard.Button("Roll back").ClickAsync();
        await Expect(dashboard.Page.Locator(".preview")).ToContainTextAsync("What will happen");
        await CheckAsync(dashboard.Page, "rollback dialog");
        await dashboard.Button("Cancel").ClickAsync();

        await dashboard.Page.Locator("#runs-ended tbody button").First.ClickAsync();
        await Expect(dashboard.Page.Locator("#run-dialog dl")).ToBeVisibleAsync();
        await CheckAsync(dashboard.Page, "run");
        await dashboard.Button("Close").ClickAsync();

        await scene.RollBackAsync();
        await Expect(dashboard.Page.Locator("#verdict-word")).ToHaveTextAsync("Rolled back");
        await CheckAsync(dashboard.Page, "rolled back");
    }

    private static async Task CheckAsync(IPage page, string state)
    {
        // The page has no frames: RunAxe would open a second window to put their results together, which takes longer than the check.
#pragma warning disable CS0618 // There is no other way to run axe in one window only.
        AxeResult result = await page.Locator("html").RunAxeLegacy(AxeOptions);
#pragma warning restore CS0618
        Assert.True(
            result.Violations.Length == 0,
            $"{state}: {string.Join("; ", result.Violations.Select(v => $"{v.Id} ({v.Impact}): {string.Join(", ", v.Nodes.Take(3).Select(n => n.Html))}"))}");
        Assert.NotEmpty(result.Passes);
    }

    private static async Task<SiteMonitor.Core.Rollout.State.RolloutState> StateAsync(DashboardScene scene) =>
        (await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<SiteMonitor.Core.Rollout.State.RolloutStateRepository>(scene.App.Services)
            .ReadAsync(TestContext.Current.CancellationToken)).State;
}
