using System.Net.Http.Headers;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Tests.Integrations.GitHub.Issues;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Http;

public sealed class CredentialScopeHandlerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://github.example/", "https://github.example/api/v3/x", true)]
    [InlineData("https://github.example/", "https://GitHub.Example:443/x", true)]
    [InlineData("https://github.example/", "https://github.example:8443/x", false)]
    [InlineData("https://github.example/", "http://github.example/x", false)]
    [InlineData("https://github.example/", "https://evil.example/x", false)]
    [InlineData("https://github.example/", "https://github.example.evil/x", false)]
    [InlineData("https://api.github.com/", "https://api.github.com:80/x", false)]
    public async Task The_Credential_Goes_To_The_Apis_Scheme_Host_And_Port_Only(string api, string target, bool expected)
    {
        Recorder recorder = new();
        using HttpMessageInvoker invoker = new(new CredentialScopeHandler(new Uri(api)) { InnerHandler = recorder });
        using HttpRequestMessage request = new(HttpMethod.Get, target) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "secret") } };

        (await invoker.SendAsync(request, Token)).Dispose();

        Assert.Equal(expected, recorder.Authorization is not null);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_Redirect_To_Another_Port_Of_The_Host_Gets_No_Credential(int status)
    {
        await using FakeServer other = await FakeServer.StartAsync(_ => new FakeResponse(200, "[]"));
        string target = other.Url;
        await using TrackerUnderTest test = TrackerUnderTest.For(
            await FakeServer.StartAsync(_ => new FakeResponse(status, "{}").With("Location", target + "elsewhere")));

        await test.Tracker.ListCandidatesAsync(new CandidateQuery(TrackerUnderTest.Issue.Repository, ["site-monitor"], 10), Token);

        Assert.NotEmpty(other.Seen);
        Assert.All(other.Seen, r => Assert.False(r.Headers.ContainsKey("Authorization")));
        Assert.All(test.Server.Seen, r => Assert.Equal("Bearer app-token", r.Headers["Authorization"]));
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public AuthenticationHeaderValue? Authorization { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Authorization = request.Headers.Authorization;
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
