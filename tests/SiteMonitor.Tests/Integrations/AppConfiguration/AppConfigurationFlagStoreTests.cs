using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Benchmarks.AppConfiguration;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.AppConfiguration;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Tests.AppConfiguration;
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

        Assert.Equal(FlagNames.UnifiedPipeline, Assert.Single(flags.Flags).Name);
        Assert.Equal(20, flags.GetSetting(FlagNames.UnifiedPipeline).Percentage);
    }

    [Theory]
    [InlineData("eu,us")]
    [InlineData("eu*")]
    [InlineData(@"eu\us")]
    public async Task A_Label_And_A_Prefix_Are_Names_Not_Patterns(string name)
    {
        Put($"{name}UnifiedPipeline", FlagFile.Pipeline(20), label: name);
        foreach (string other in (string[])["eu", "us", "eu1", "euus"])
        {
            Put($"{name}UnifiedPipeline", FlagFile.Pipeline(100), label: other);
            Put($"{other}UnifiedPipeline", FlagFile.Pipeline(100), label: name);
        }

        AppConfigurationFlagStore store = Store(o => (o.Prefix, o.Label) = (name, name));
        FlagSnapshot flags = await LoadAsync(store);

        Assert.Equal(20, flags.GetSetting(FlagNames.UnifiedPipeline).Percentage);
        Assert.IsType<FlagReadResult.Unchanged>(await store.ReadAsync(flags, Cancel));
    }

    [Theory]
    [InlineData("<html>Sign in to the network</html>")]
    [InlineData("""{"items":[{"key":".appconfig.featureflag/Unif""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":[{"key":5}]}""")]
    public async Task An_Answer_That_Is_Not_The_Stores_Leaves_The_Last_Known_Flags(string answer)
    {
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        using var proxy = new AnsweringServer(answer);
        SwitchingStore store = new(Store(), Store(o => o.ConnectionString = $"Endpoint={proxy.Url};Id=x;Secret=eA=="));
        using var source = new FlagSource(store, new NothingKept(), FlagPolling.EachUse, TimeProvider.System);
        FlagSnapshot good = await source.CurrentAsync(Cancel);
        store.IsBehindProxy = true;

        FlagSnapshot held = await source.CurrentAsync(Cancel);

        Assert.Equal(good.Revision, held.Revision);
        Assert.Contains("proxy", Assert.Single(source.Health.Warnings), StringComparison.Ordinal);
        Assert.IsType<FlagWriteResult.Failed>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), null, Cancel));
    }

    [Fact]
    public async Task Flags_Behind_Pages_Of_Others_Are_Read_And_Nothing_New_Is_Said_Cheaply()
    {
        Others(230);
        Put("UnifiedPipeline.Analysis", FlagFile.On("UnifiedPipeline.Analysis"));

        AppConfigurationFlagStore store = Store();
        FlagSnapshot flags = await LoadAsync(store);
        Assert.True(Assert.Single(flags.Flags).Setting.Enabled);
        Assert.IsType<FlagReadResult.Unchanged>(await store.ReadAsync(flags, Cancel));

        Put("UnifiedPipeline.Analysis", FlagFile.Off("UnifiedPipeline.Analysis"));
        FlagReadResult changed = await store.ReadAsync(flags, Cancel);
        Assert.False(Assert.IsType<FlagReadResult.Loaded>(changed).Snapshot.Find("UnifiedPipeline.Analysis")!.Setting.Enabled);
    }

    [Fact]
    public async Task Other_Applications_Flags_In_The_Same_Store_Are_None_Of_Ours()
    {
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        AppConfigurationFlagStore store = Store();
        FlagSnapshot alone = await LoadAsync(store);
        Others(3);
        Put("Broken", """{"id":"Broken","enabled":true,"conditions":{"client_filters":[{"name":"Contoso.Moon"}]}}""");

        FlagSnapshot shared = Assert.IsType<FlagReadResult.Loaded>(await store.ReadAsync(alone, Cancel)).Snapshot;

        Assert.Equal(alone.Revision, shared.Revision);
        Assert.Empty(shared.Problems);
    }

    [Fact]
    public async Task What_Was_Written_Is_Read_Also_Where_A_Replica_Lags()
    {
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        AppConfigurationFlagStore store = Store();
        StoredFlag read = (await LoadAsync(store)).Find("AutomaticTriggers")!;
        _server.Store.HoldReplicaBack();

        Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel));

        Assert.False((await LoadAsync(store)).Find("AutomaticTriggers")!.Setting.Enabled);
    }

    [Fact]
    public async Task After_A_Conflict_The_Change_That_Caused_It_Is_Read_Also_Where_A_Replica_Lags()
    {
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        AppConfigurationFlagStore store = Store();
        StoredFlag read = (await LoadAsync(store)).Find("AutomaticTriggers")!;
        _server.Store.HoldReplicaBack();
        Put("AutomaticTriggers", """{"id":"AutomaticTriggers","enabled":true,"description":"by hand"}""");

        Assert.IsType<FlagWriteResult.Conflict>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel));

        Assert.Contains("by hand", (await LoadAsync(store)).Find("AutomaticTriggers")!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Teams_Tags_Stay_On_A_Flag_That_Is_Written()
    {
        ImmutableSortedDictionary<string, string> tags = ImmutableSortedDictionary<string, string>.Empty.Add("owner", "platform");
        _server.Store.Put(Key("AutomaticTriggers"), null, new KeyValueContent(FlagFile.On("AutomaticTriggers"), ContentType, tags), Preconditions.None);
        AppConfigurationFlagStore store = Store();
        StoredFlag read = (await LoadAsync(store)).Find("AutomaticTriggers")!;

        Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel));

        KeyValue stored = _server.Store.Read(null)[(Key("AutomaticTriggers"), null)];
        Assert.Equal("platform", stored.Tags["owner"]);
        Assert.Contains("false", stored.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Store_That_Asks_For_A_Long_Wait_Is_Said_To_Throttle_At_Once_And_A_Short_Wait_Is_Waited()
    {
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        AppConfigurationFlagStore store = Store();
        _server.Faults.Throttle(1, TimeSpan.FromSeconds(30));
        long start = TimeProvider.System.GetTimestamp();

        FlagReadResult read = await store.ReadAsync(null, Cancel);

        Assert.Contains("429", Assert.IsType<FlagReadResult.Unavailable>(read).Reason, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(4));
        _server.Faults.Throttle(1, TimeSpan.FromMilliseconds(10));
        Assert.NotNull((await LoadAsync(store)).Find("AutomaticTriggers"));
    }

    [Fact]
    public async Task Empty_Settings_Are_As_Good_As_None()
    {
        AppConfigurationFlagStore store = Store(o => (o.ClientId, o.WriterClientId, o.WriterConnectionString, o.Label) = (string.Empty, string.Empty, string.Empty, string.Empty));

        Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("AutomaticTriggers", FlagFile.On("AutomaticTriggers"), null, Cancel));
        Assert.NotNull((await LoadAsync(store)).Find("AutomaticTriggers"));
        var options = new AppConfigurationOptions { ClientId = "reader", WriterClientId = " ", ConnectionString = string.Empty };
        Assert.Equal((null, null), (options.WriterClientId, options.ConnectionString));
    }

    [Fact]
    public async Task Somebody_Elses_Read_Of_The_New_Flags_Does_Not_Hide_Them_From_Us()
    {
        AppConfigurationFlagStore store = Store();
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        FlagSnapshot ours = await LoadAsync(store);
        Put("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"));
        await LoadAsync(store);

        Assert.False(Assert.IsType<FlagReadResult.Loaded>(await store.ReadAsync(ours, Cancel)).Snapshot.Find("AutomaticTriggers")!.Setting.Enabled);
    }

    [Fact]
    public async Task A_Flag_Is_Created_Then_Changed_With_Its_ETag()
    {
        AppConfigurationFlagStore store = Store();
        var created = Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("AutomaticTriggers", FlagFile.On("AutomaticTriggers"), null, Cancel));
        StoredFlag read = (await LoadAsync(store)).Find("AutomaticTriggers")!;
        Assert.Equal(created.ETag, read.ETag);

        Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel));
        Assert.False((await LoadAsync(store)).Find("AutomaticTriggers")!.Setting.Enabled);
    }

    [Fact]
    public async Task Somebody_Elses_Change_Is_A_Conflict_And_Stays()
    {
        AppConfigurationFlagStore store = Store();
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        StoredFlag read = (await LoadAsync(store)).Find("AutomaticTriggers")!;
        Put("AutomaticTriggers", """{"id":"AutomaticTriggers","enabled":true,"description":"by hand"}""");

        Assert.IsType<FlagWriteResult.Conflict>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel));
        Assert.IsType<FlagWriteResult.Conflict>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), null, Cancel));
        Assert.Contains("by hand", (await LoadAsync(store)).Find("AutomaticTriggers")!.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Locked_Flag_Is_Refused_With_What_To_Do()
    {
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        _server.Store.Lock(Key("AutomaticTriggers"), null, locked: true, Preconditions.None);
        AppConfigurationFlagStore store = Store();
        StoredFlag read = (await LoadAsync(store)).Find("AutomaticTriggers")!;

        var refused = Assert.IsType<FlagWriteResult.Failed>(await store.WriteAsync("AutomaticTriggers", FlagFile.Off("AutomaticTriggers"), read.ETag, Cancel));
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
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        using var source = new FlagSource(Store(), new NothingKept(), FlagPolling.EachUse, TimeProvider.System);
        FlagSnapshot good = await source.CurrentAsync(Cancel);

        _server.Faults.Fail(2, status);
        FlagSnapshot held = await source.CurrentAsync(Cancel);
        for (int i = 0; i < 2 && source.Health.Warnings.Count == 0; i++)
        {
            held = await source.CurrentAsync(Cancel);
        }

        Assert.Equal(good.Revision, held.Revision);
        Assert.Contains(said, Assert.Single(source.Health.Warnings), StringComparison.Ordinal);
        for (int i = 0; i < 3; i++)
        {
            await source.CurrentAsync(Cancel);
        }

        Assert.Empty(source.Health.Warnings);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "403")]
    [InlineData(HttpStatusCode.Unauthorized, "401")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "503")]
    [InlineData(HttpStatusCode.TooManyRequests, "429")]
    public async Task A_Failed_Write_Is_Returned_With_Its_Status(HttpStatusCode status, string said)
    {
        _server.Faults.Fail(4, status);

        var failed = Assert.IsType<FlagWriteResult.Failed>(
            await Store().WriteAsync("AutomaticTriggers", FlagFile.On("AutomaticTriggers"), null, Cancel));
        Assert.Contains(said, failed.Reason, StringComparison.Ordinal);
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

    /// <summary>The last known flags apply; a flag that was changed during the outage is seen within the guard's half minute.</summary>
    [Fact]
    public async Task A_Store_That_Is_Dead_For_Minutes_Keeps_Its_Flags_And_Is_Hardly_Asked()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers"));
        using FlagSource source = new(Store(time: time), new NoLastKnownFlags(), FlagPolling.Default, time);
        FlagSnapshot before = await source.CurrentAsync(Cancel);
        const int Faults = 10_000;
        _server.Faults.Fail(Faults, HttpStatusCode.ServiceUnavailable);
        for (int second = 0; second < 300; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(before.Revision, (await source.CurrentAsync(Cancel)).Revision);
        }

        int asked = Faults - _server.Faults.Clear();
        string problem = Assert.Single(source.Health.Problems, p => p.Contains("has not answered", StringComparison.Ordinal));
        Put("AutomaticTriggers", FlagFile.On("AutomaticTriggers").Replace("true", "false", StringComparison.Ordinal));
        int seconds = 0;
        while ((await source.CurrentAsync(Cancel)).Revision == before.Revision)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(++seconds, 1, 25);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} requests in five minutes; the change was seen {seconds} s after the store was back.");
        Assert.InRange(asked, 4, 40);
        Assert.Contains("the last known flags stay in effect", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Store_That_Was_Never_Reached_Leaves_Everything_Off_And_A_Write_Is_Still_Tried()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
        AppConfigurationFlagStore store = Store(time: time);
        using FlagSource source = new(store, new NoLastKnownFlags(), FlagPolling.Default, time);
        _server.Faults.Fail(4, HttpStatusCode.ServiceUnavailable);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(FlagSnapshot.None.Revision, (await source.RefreshAsync(Cancel)).Revision);
        }

        Assert.Contains("it is down", Assert.IsType<FlagReadResult.Unavailable>(await store.ReadAsync(null, Cancel)).Reason, StringComparison.Ordinal);
        Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync("AutomaticTriggers", FlagFile.On("AutomaticTriggers"), null, Cancel));

        // A rollback reads what it overwrites: that must not wait for the end of a break either.
        FlagSnapshot read = Assert.IsType<FlagReadResult.Loaded>(await store.ReadForWriteAsync(Cancel)).Snapshot;
        Assert.IsType<FlagWriteResult.Written>(await store.WriteAsync(
            "AutomaticTriggers", FlagFile.On("AutomaticTriggers"), read.Find("AutomaticTriggers")!.ETag, Cancel));
        Assert.Contains("it is down", Assert.IsType<FlagReadResult.Unavailable>(await store.ReadAsync(null, Cancel)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_File_And_The_Store_Give_The_Same_Buckets_And_Revision()
    {
        using var file = new FlagFile();
        file.With(FlagFile.Pipeline(20));
        FlagSnapshot fromFile = await file.Source.CurrentAsync(Cancel);
        Put("pre.UnifiedPipeline", fromFile.Find(FlagNames.UnifiedPipeline)!.Json);

        FlagSnapshot fromStore = await LoadAsync(Store(o => o.Prefix = "pre."));

        Assert.Equal(fromFile.Revision, fromStore.Revision);
    }

    private void Others(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Put($"Flag{i:000}", FlagFile.On($"Flag{i:000}"));
        }
    }

    private static string Key(string name) => $".appconfig.featureflag/{name}";

    private AppConfigurationFlagStore Store(Action<AppConfigurationOptions>? set = null, TimeProvider? time = null)
    {
        var options = new AppConfigurationOptions { ConnectionString = _server.ConnectionString };
        set?.Invoke(options);
        CircuitBreakerOptions limits = new();
        CircuitBreaker breaker = new(CircuitBreakers.AppConfiguration, limits, limits.MaxFlagsBreakDuration, time ?? TimeProvider.System, () => { }, NullLogger.Instance);
        return new AppConfigurationFlagStore(
            AppConfigurationClients.Reader(options, breaker), AppConfigurationClients.Writer(options), options, FlagReader.ReadAsync, time ?? TimeProvider.System);
    }

    private static async Task<FlagSnapshot> LoadAsync(AppConfigurationFlagStore store) => Assert.IsType<FlagReadResult.Loaded>(await store.ReadAsync(null, Cancel)).Snapshot;

    private void Put(string name, string json, string? label = null) =>
        _server.Store.Put(Key(name), label, new KeyValueContent(json, ContentType), Preconditions.None);

    /// <summary>Answers every request with status 200 and one text.</summary>
    private sealed class AnsweringServer : IDisposable
    {
        private readonly HttpListener _listener = new();

        public AnsweringServer(string answer)
        {
            using (System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add($"{Url}/");
            _listener.Start();
            _ = AnswerAsync(System.Text.Encoding.UTF8.GetBytes(answer));
        }

        public string Url { get; }

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync(byte[] answer)
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                context.Response.Close(answer, willBlock: false);
            }
        }
    }

    private sealed class SwitchingStore(IFlagStore direct, IFlagStore behindProxy) : IFlagStore
    {
        public bool IsBehindProxy { get; set; }

        public string Description => Current.Description;

        private IFlagStore Current => IsBehindProxy ? behindProxy : direct;

        public Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken) => Current.ReadAsync(known, cancellationToken);

        public Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken) =>
            Current.WriteAsync(name, json, etag, cancellationToken);
    }

    private sealed class NothingKept : ILastKnownFlags
    {
        public Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<FlagSnapshot?>(null);

        public Task SaveAsync(FlagSnapshot snapshot, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NoLastKnownFlags : ILastKnownFlags
    {
        public Task SaveAsync(FlagSnapshot snapshot, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<FlagSnapshot?>(null);
    }
}
