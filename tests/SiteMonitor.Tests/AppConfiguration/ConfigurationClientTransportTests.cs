using System.Net;
using Azure;
using Azure.Core;
using Azure.Data.AppConfiguration;

namespace SiteMonitor.Tests.AppConfiguration;

public sealed class ConfigurationClientTransportTests : IAsyncLifetime
{
    private readonly AppConfigurationServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Throttled_Request_Is_Tried_Again_After_The_Time_Asked_For()
    {
        _server.Faults.Throttle(2, TimeSpan.FromMilliseconds(5));

        Assert.Equal("v", (await _server.Client().SetConfigurationSettingAsync("k", "v", cancellationToken: Cancellation)).Value.Value);
    }

    [Fact]
    public async Task A_Request_That_Stays_Throttled_Fails_With_429()
    {
        _server.Faults.Throttle(4, TimeSpan.FromMilliseconds(1));

        Assert.Equal(429, (await Failure(c => c.GetConfigurationSettingAsync("k", cancellationToken: Cancellation))).Status);
    }

    [Fact]
    public async Task A_Broken_Server_Is_Asked_Again()
    {
        _server.Faults.Fail(3, HttpStatusCode.ServiceUnavailable);

        Assert.Equal(204, (await _server.Client().DeleteConfigurationSettingAsync("k", cancellationToken: Cancellation)).Status);
    }

    [Fact]
    public async Task A_Client_Reads_Its_Own_Writes_From_A_Replica_That_Lags()
    {
        ConfigurationClient writer = _server.Client(), other = _server.Client();
        await writer.SetConfigurationSettingAsync("k", "old", cancellationToken: Cancellation);
        await other.GetConfigurationSettingAsync("k", cancellationToken: Cancellation);
        _server.Store.HoldReplicaBack();
        Response<ConfigurationSetting> written = await writer.SetConfigurationSettingAsync("k", "new", cancellationToken: Cancellation);

        Assert.Equal("new", (await writer.GetConfigurationSettingAsync("k", cancellationToken: Cancellation)).Value.Value);
        Assert.Equal("old", (await other.GetConfigurationSettingAsync("k", cancellationToken: Cancellation)).Value.Value);

        Assert.True(written.GetRawResponse().Headers.TryGetValue("Sync-Token", out string? token));
        other.UpdateSyncToken(token);
        Assert.Equal("new", (await other.GetConfigurationSettingAsync("k", cancellationToken: Cancellation)).Value.Value);
    }

    [Fact]
    public async Task A_Wrong_Secret_Fails_With_401_And_The_Reason()
    {
        string wrong = _server.ConnectionString[.._server.ConnectionString.LastIndexOf('=', _server.ConnectionString.Length - 2)] + "=" + Convert.ToBase64String(new byte[32]);

        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() => _server.Client(wrong).GetConfigurationSettingAsync("k", cancellationToken: Cancellation));

        Assert.Equal(401, refused.Status);
        Assert.Contains("Invalid Signature", refused.GetRawResponse()!.Headers.TryGetValue("WWW-Authenticate", out string? why) ? why : null, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-14, 404)]
    [InlineData(14, 404)]
    [InlineData(-16, 401)]
    [InlineData(16, 401)]
    public async Task A_Signature_Holds_For_A_Quarter_Of_An_Hour_Each_Way(int minutes, int status)
    {
        _server.Clock.AdjustTime(_server.Clock.GetUtcNow().AddMinutes(minutes));

        Assert.Equal(status, (await Failure(c => c.GetConfigurationSettingAsync("k", cancellationToken: Cancellation))).Status);
    }

    [Theory]
    [InlineData("Id=a;Secret=YQ==", "Endpoint")]
    [InlineData("Endpoint=https://a.azconfig.io;Secret=YQ==", "Id")]
    [InlineData("Endpoint=https://a.azconfig.io;Id=a", "Secret")]
    [InlineData("Endpoint=https://a.azconfig.io;Id=a;Secret=not base64", "Secret")]
    public void A_Connection_String_That_Lacks_A_Part_Is_Refused_By_Name(string connectionString, string part) =>
        Assert.Contains(part, Assert.Throws<InvalidOperationException>(() => new ConfigurationClient(connectionString)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_Token_Is_Asked_For_The_Stores_Audience()
    {
        AskedForToken credential = new();
        ConfigurationClient client = new(new Uri("https://store.azconfig.io"), credential, new ConfigurationClientOptions { Retry = { MaxRetries = 0 } });

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetConfigurationSettingAsync("k", cancellationToken: Cancellation));

        Assert.Equal("https://azconfig.io/.default", credential.Scope);
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<RequestFailedException> Failure(Func<ConfigurationClient, Task> act) => Assert.ThrowsAsync<RequestFailedException>(() => act(_server.Client()));

    private sealed class AskedForToken : TokenCredential
    {
        public string? Scope { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scope = requestContext.Scopes.Single();
            throw new InvalidOperationException("No token here.");
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
