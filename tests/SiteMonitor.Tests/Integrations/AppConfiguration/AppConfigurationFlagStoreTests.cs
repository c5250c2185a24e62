using System.Net;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.AppConfiguration;
using SiteMonitor.LocalHost.Sandbox.AppConfiguration;
using SiteMonitor.Tests.AppConfiguration;
using SiteMonitor.Tests.Core.Rollout;
using SiteMonitor.Tests.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Integrations.AppConfiguration;

/// <summary>Reader and writer of flags against the strict simulated store.</summary>
public sealed class AppConfigurationFlagStoreTests : IAsyncLifetime
{
    private const string ContentType = "application/vnd.microsoft.appconfig.ff+json;charset=utf-8";
    private readonly AppConfigurationServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Flags_Are_Read_Under_Their_Prefix_And_Label_And_Lose_The_Prefix()
    {
        Put("prod-UnifiedPipeline", FlagFile.Pipeline(20), label: "eu");
        Put("prod-UnifiedPipeline", FlagFile.Pipeline(90), label: null);
        Put("test-UnifiedPipeline", FlagFile.Pipeline(90), label: "eu");

        FlagSnapshot flags = await LoadAsync(Store(o => (o.Prefix, o.Label) = ("prod-", "eu")));

        Assert.Equal(FlagNames.UnifiedPipeline, Assert.Single(flags.Flags).Flag.Name);
        Assert.Equal(20, FlagDesign.Read(flags, FlagNames.UnifiedPipeline).Percentage);
    }

    [Fact]
    public async Task More_Flags_Than_A_Page_Holds_Are_All_Read_And_Nothing_New_Is_Said_Cheaply()
    {
        for (int i = 0; i < 230; i++)
        {
            Put($"Flag{i:000}", FlagFile.On($"Flag{i:000}"));
        }

        AppConfigurationFlagStore store = Store();
        FlagSnapshot flags = await LoadAsync(store);
        Assert.Equal(230, flags.Flags.Count);
        Assert.IsType<FlagReadResult.Unchanged>(await store.ReadAsync(flags, Cancel));

        Put("Flag150", FlagFile.Off("Flag150"));
        FlagReadResult changed = await store.ReadAsync(flags, Cancel);
        Assert.False(Assert.IsType<FlagReadResult.Loaded>(changed).Snapshot.Find("Flag150")!.Flag.Enabled);
    }

    [Fact]
    public async Task Somebody_Elses_Read_Of_The_New_Flags_Does_Not_Hide_Them_From_Us()
    {
        AppConfigurationFlagStore store = Store();
        Put("A", FlagFile.On("A"));
        FlagSnapshot ours = await LoadAsync(store);
        Put("A", FlagFile.Off("A"));
        await LoadAsync(store);

        Assert.False(Assert.IsType<FlagReadResult.Loaded>(await store.ReadAsync(ours, Cancel)).Snapshot.Find("A")!.Flag.Enabled);
    }

    [Fact]
    public async Task A_Flag_Is_Created_Then_Changed_With_Its_ETag()
    {
        AppConfigurationFlagStore store = Store();
        var created = Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("A", FlagFile.On("A"), null, Cancel));
        StoredFlag read = (await LoadAsync(store)).Find("A")!;
        Assert.Equal(created.ETag, read.ETag);

        Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("A", FlagFile.Off("A"), read.ETag, Cancel));
        Assert.False((await LoadAsync(store)).Find("A")!.Flag.Enabled);
    }

    [Fact]
    public async Task Somebody_Elses_Change_Is_A_Conflict_And_Stays()
    {
        AppConfigurationFlagStore store = Store();
        Put("A", FlagFile.On("A"));
        StoredFlag read = (await LoadAsync(store)).Find("A")!;
        Put("A", """{"id":"A","enabled":true,"description":"by hand"}""");

        Assert.IsType<FlagWriteResult.Conflict>(await store.WriteAsync("A", FlagFile.Off("A"), read.ETag, Cancel));
        Assert.IsType<FlagWriteResult.Conflict>(await store.WriteAsync("A", FlagFile.Off("A"), null, Cancel));
        Assert.Contains("by hand", (await LoadAsync(store)).Find("A")!.Flag.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Locked_Flag_Is_Refused_With_What_To_Do()
    {
        Put("A", FlagFile.On("A"));
        _server.Store.Lock(Key("A"), null, locked: true, Preconditions.None);
        AppConfigurationFlagStore store = Store();
        StoredFlag read = (await LoadAsync(store)).Find("A")!;

        var refused = Assert.IsType<FlagWriteResult.Refused>(await store.WriteAsync("A", FlagFile.Off("A"), read.ETag, Cancel));
        Assert.Contains("unlock", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "ConnectionString")]
    [InlineData(HttpStatusCode.Forbidden, "Data Reader")]
    [InlineData(HttpStatusCode.NotFound, "Endpoint")]
    [InlineData(HttpStatusCode.PreconditionFailed, "412")]
    [InlineData(HttpStatusCode.TooManyRequests, "429")]
    [InlineData(HttpStatusCode.InternalServerError, "500")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "503")]
    public async Task A_Refusal_Leaves_The_Last_Known_Flags_And_Says_What_To_Do_And_It_Recovers_By_Itself(HttpStatusCode status, string said)
    {
        Put("A", FlagFile.On("A"));
        using var source = new FlagSource(Store(), new NothingKept(), FlagPolling.EachUse, TimeProvider.System);
        FlagSnapshot good = await source.CurrentAsync(Cancel);

        _server.Faults.Fail(2, status);
        FlagSnapshot held = await source.CurrentAsync(Cancel);
        for (int i = 0; i < 2 && source.Health.IsHealthy; i++)
        {
            held = await source.CurrentAsync(Cancel);
        }

        Assert.Equal(good.Revision, held.Revision);
        Assert.Contains(said, Assert.Single(source.Health.Problems), StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
        {
            await source.CurrentAsync(Cancel);
        }

        Assert.True(source.Health.IsHealthy);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, typeof(FlagWriteResult.Refused))]
    [InlineData(HttpStatusCode.Unauthorized, typeof(FlagWriteResult.Refused))]
    [InlineData(HttpStatusCode.ServiceUnavailable, typeof(FlagWriteResult.Unavailable))]
    [InlineData(HttpStatusCode.TooManyRequests, typeof(FlagWriteResult.Unavailable))]
    public async Task A_Write_That_Fails_Is_An_Answer(HttpStatusCode status, Type answer)
    {
        _server.Faults.Fail(4, status);

        Assert.IsType(answer, await Store().WriteAsync("A", FlagFile.On("A"), null, Cancel));
    }

    [Fact]
    public async Task Nobody_At_The_Address_And_A_Wrong_Secret_Are_Outages_Not_Crashes()
    {
        AppConfigurationFlagStore nobody = Store(o => o.ConnectionString = "Endpoint=http://127.0.0.1:9;Id=x;Secret=eA==");
        AppConfigurationFlagStore stranger = Store(o => o.ConnectionString = $"{_server.ConnectionString.Split(";Secret=")[0]};Secret=eA==");

        Assert.Contains("no connection", Assert.IsType<FlagReadResult.Unavailable>(await nobody.ReadAsync(null, Cancel)).Reason, StringComparison.Ordinal);
        string refused = Assert.IsType<FlagReadResult.Unavailable>(await stranger.ReadAsync(null, Cancel)).Reason;
        Assert.Contains("401", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("eA==", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Store_That_Does_Not_Answer_In_Time_Holds_Nobody_Up()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        AppConfigurationFlagStore store = Store(o =>
        {
            o.ConnectionString = $"Endpoint=http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port};Id=x;Secret=eA==";
            o.RequestTimeout = TimeSpan.FromMilliseconds(300);
        });

        Assert.Contains("no answer within 0.3 s", Assert.IsType<FlagReadResult.Unavailable>(await store.ReadAsync(null, Cancel)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_File_And_The_Store_Give_The_Same_Buckets_And_Revision()
    {
        using var file = new FlagFile();
        file.With(FlagFile.Pipeline(20));
        FlagSnapshot fromFile = await file.Source.CurrentAsync(Cancel);
        Put("pre.UnifiedPipeline", fromFile.Find(FlagNames.UnifiedPipeline)!.Flag.Json);

        FlagSnapshot fromStore = await LoadAsync(Store(o => o.Prefix = "pre."));

        Assert.Equal(fromFile.Revision, fromStore.Revision);
    }

    private static string Key(string name) => $".appconfig.featureflag/{name}";

    private AppConfigurationFlagStore Store(Action<AppConfigurationOptions>? set = null)
    {
        var options = new AppConfigurationOptions { ConnectionString = _server.ConnectionString };
        set?.Invoke(options);
        return new AppConfigurationFlagStore(AppConfigurationClients.Reader(options), AppConfigurationClients.Writer(options), options, TimeProvider.System);
    }

    private static async Task<FlagSnapshot> LoadAsync(AppConfigurationFlagStore store) => Assert.IsType<FlagReadResult.Loaded>(await store.ReadAsync(null, Cancel)).Snapshot;

    private void Put(string name, string json, string? label = null) =>
        _server.Store.Put(Key(name), label, new KeyValueContent(json, ContentType), Preconditions.None);

    private sealed class NothingKept : ILastKnownFlags
    {
        public Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<FlagSnapshot?>(null);

        public Task KeepAsync(FlagSnapshot snapshot, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
