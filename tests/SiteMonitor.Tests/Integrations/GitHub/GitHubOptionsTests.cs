using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Client;

namespace SiteMonitor.Tests.Integrations.GitHub;

public sealed class GitHubOptionsTests
{
    [Fact]
    public void A_Token_And_A_Secret_Are_Enough()
    {
        GitHubOptions options = Bind(("Token", "ghp_abc"), ("WebhookSecret", "s"));
        Assert.Equal("https://api.github.com/", options.ApiBaseUrl);
        Assert.Equal(TimeSpan.FromSeconds(1), options.WriteInterval);
        Assert.Equal("ghp_abc", options.EffectiveCopilotToken);
    }

    [Fact]
    public void Every_Problem_Is_Reported_At_Once_By_The_Settings_Name()
    {
        IReadOnlyList<string> problems = Problems(
            ("ApiBaseUrl", "http://github.example.com"),
            ("AppId", "1"),
            ("PrivateKey", "nonsense-key"),
            ("Token", "ghp_also"),
            ("CopilotToken", "ghs_installation"),
            ("MarkerKey", "short"),
            ("Repositories", "octo-org/site, not a repository"),
            ("WriteInterval", "soon"),
            ("ReadRetries", "99"),
            ("Limits:ContentPerMinute", "0"),
            ("Limits:TimeScale", "fast"));

        string[] settings = [.. problems.Select(p => p[..p.IndexOf(": ", StringComparison.Ordinal)])];
        Assert.Equal(
            [
                "GitHub:ApiBaseUrl", "GitHub:CopilotToken", "GitHub:InstallationId", "GitHub:Limits:ContentPerMinute", "GitHub:Limits:TimeScale", "GitHub:MarkerKey",
                "GitHub:PrivateKey", "GitHub:ReadRetries", "GitHub:Repositories:1", "GitHub:Token", "GitHub:WebhookSecret", "GitHub:WriteInterval",
            ],
            settings.Order(StringComparer.Ordinal));
        Assert.All(problems, p => Assert.DoesNotContain("ghs_installation", p, StringComparison.Ordinal));
        Assert.All(problems, p => Assert.DoesNotContain("nonsense-key", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_Set_Names_What_Is_Needed()
    {
        IReadOnlyList<string> problems = Problems();
        Assert.Equal(["GitHub:Token", "GitHub:WebhookSecret"], problems.Select(p => p[..p.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("ghp_ab c")]
    [InlineData("\"ghp_abc\"é")]
    public void A_Token_With_Characters_No_Token_Has_Is_Refused(string token) =>
        Assert.Contains("GitHub:Token", Assert.Single(Problems(("Token", token), ("WebhookSecret", "s"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Token", "\"ghp_abc\"")]
    [InlineData("Token", "'ghp_abc'")]
    [InlineData("Token", "ghp_abc`")]
    [InlineData("Token", "“ghp_abc”")]
    [InlineData("Token", "Bearer ghp_abc")]
    [InlineData("Token", "ghp_abc\u200b")]
    [InlineData("CopilotToken", "\"ghp_abc\"")]
    [InlineData("CopilotToken", "ghp_\r\nabc")]
    public void A_Token_Pasted_With_Something_Around_It_Is_Refused(string setting, string token)
    {
        (string Name, string Value)[] settings = setting == "Token"
            ? [("Token", token), ("CopilotToken", "ghp_user"), ("WebhookSecret", "s")]
            : [("Token", "ghp_app"), ("CopilotToken", token), ("WebhookSecret", "s")];

        Assert.StartsWith($"GitHub:{setting}: ", Assert.Single(Problems(settings)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"0123456789abcdef\"", "begins and ends with quotes")]
    [InlineData("'0123456789abcdef'", "begins and ends with quotes")]
    [InlineData("“0123456789abcdef”", "begins and ends with quotes")]
    [InlineData("«0123456789abcdef»", "begins and ends with quotes")]
    [InlineData("\"0123456789abcdef", "begins with a quote")]
    [InlineData("0123456789abcdef`", "ends with a quote")]
    [InlineData("0123456789abcdef\\n", "ends with a line end")]
    [InlineData("0123456789\r\nabcdef", "invisible characters")]
    [InlineData("\ufeff0123456789abcdef", "invisible characters")]
    [InlineData("0123456789abcdef\u200b", "invisible characters")]
    [InlineData("0123456789\u00a0abcdef", "invisible characters")]
    public void A_Webhook_Secret_Pasted_With_Something_Around_It_Is_Said(string secret, string expected)
    {
        (string detail, string advice) = Assert.Single(Bind(("Token", "ghp_abc"), ("WebhookSecret", secret)).GetWarnings());

        Assert.Contains(expected, detail, StringComparison.Ordinal);
        Assert.NotEmpty(advice);
        Assert.DoesNotContain("0123456789", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("pass phrase with 'quotes' inside it")]
    [InlineData("Zürich-schön-ß")]
    [InlineData(" 0123456789abcdef\r\n")]
    public void A_Webhook_Secret_With_Unusual_Characters_Inside_Is_Not_Questioned(string secret) =>
        Assert.Empty(Bind(("Token", "ghp_abc"), ("WebhookSecret", secret)).GetWarnings());

    [Fact]
    public void An_App_Id_In_Quotes_Is_Refused()
    {
        using RSA rsa = RSA.Create(2048);
        IReadOnlyList<string> problems = Problems(
            ("AppId", "\"12345\""), ("PrivateKey", rsa.ExportRSAPrivateKeyPem()), ("InstallationId", "42"), ("CopilotToken", "ghp_user"), ("WebhookSecret", "s"));
        Assert.StartsWith("GitHub:AppId: ", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_Installation_Token_Alone_Cannot_Assign_Copilot() =>
        Assert.Contains("GitHub:CopilotToken", Assert.Single(Problems(("Token", "ghs_abc"), ("WebhookSecret", "s"))), StringComparison.Ordinal);

    [Fact]
    public void An_Apps_Key_May_Have_Its_Line_Ends_Written_Out()
    {
        using RSA rsa = RSA.Create(2048);
        string pem = rsa.ExportRSAPrivateKeyPem().ReplaceLineEndings("\\n");
        Assert.Empty(Problems(("AppId", "Iv1.abc"), ("PrivateKey", pem), ("InstallationId", "42"), ("CopilotToken", "ghp_user"), ("WebhookSecret", "s")));
    }

    [Fact]
    public void A_Public_Key_Is_No_Private_Key()
    {
        using RSA rsa = RSA.Create(2048);
        IReadOnlyList<string> problems = Problems(
            ("AppId", "1"), ("PrivateKey", rsa.ExportRSAPublicKeyPem()), ("InstallationId", "42"), ("CopilotToken", "ghp_user"), ("WebhookSecret", "s"));
        Assert.Contains("GitHub:PrivateKey", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("octo-org/a,octo-org/b")]
    [InlineData(" octo-org/a ; octo-org/b ")]
    public void Repositories_May_Stand_In_One_Value(string value) =>
        Assert.Equal(["octo-org/a", "octo-org/b"], Bind(("Token", "t"), ("WebhookSecret", "s"), ("Repositories", value)).Repositories);

    [Fact]
    public void Repositories_May_Be_A_List() =>
        Assert.Equal(["octo-org/a", "octo-org/b"], Bind(("Token", "t"), ("WebhookSecret", "s"), ("Repositories:0", "octo-org/a"), ("Repositories:1", "octo-org/b")).Repositories);

    [Fact]
    public void Numbers_And_Times_Are_Read_Alike_Everywhere()
    {
        GitHubOptions options = Bind(("Token", "t"), ("WebhookSecret", "s"), ("WriteInterval", "00:00:00.250"), ("Limits:ContentPerHour", "400"), ("Limits:TimeScale", "60.5"));
        Assert.Equal(TimeSpan.FromMilliseconds(250), options.WriteInterval);
        Assert.Equal(400, options.Limits.ContentPerHour);
        Assert.Equal(60.5, options.Limits.TimeScale);
    }

    [Fact]
    public void The_Marker_Key_Comes_From_The_Secret_Unless_It_Is_Set()
    {
        byte[] derived = MarkerKey.From(new GitHubOptions { WebhookSecret = "secret" });
        Assert.Equal(32, derived.Length);
        Assert.Equal(derived, MarkerKey.From(new GitHubOptions { WebhookSecret = "secret" }));
        Assert.NotEqual(derived, MarkerKey.From(new GitHubOptions { WebhookSecret = "other" }));
        Assert.Equal(
            MarkerKey.From(new GitHubOptions { WebhookSecret = "secret", MarkerKey = "0123456789abcdef" }),
            MarkerKey.From(new GitHubOptions { WebhookSecret = "other", MarkerKey = "0123456789abcdef" }));
    }

    [Theory]
    [InlineData("https://api.github.com", "https://api.github.com/", "https://api.github.com/graphql")]
    [InlineData("https://github.com/", "https://api.github.com/", "https://api.github.com/graphql")]
    [InlineData("https://api.octo.ghe.com/", "https://api.octo.ghe.com/", "https://api.octo.ghe.com/graphql")]
    [InlineData("https://octo.ghe.com/", "https://api.octo.ghe.com/", "https://api.octo.ghe.com/graphql")]
    [InlineData("https://github.example.com", "https://github.example.com/api/v3/", "https://github.example.com/api/graphql")]
    [InlineData("https://github.example.com/api/v3/", "https://github.example.com/api/v3/", "https://github.example.com/api/graphql")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v3/", "http://127.0.0.1:8080/api/graphql")]
    public void Each_Kind_Of_Server_Has_Its_Addresses(string given, string rest, string graph) =>
        Assert.Equal(new GitHubAddresses(new Uri(rest), new Uri(graph)), GitHubAddresses.From(given));

    private static GitHubOptions Bind(params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"GitHub:{s.Name}", (string?)s.Value)))
            .Build();
        using ServiceProvider provider = new ServiceCollection().AddGitHub(configuration).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<GitHubOptions>>().Value;
    }

    private static IReadOnlyList<string> Problems(params (string Name, string Value)[] settings)
    {
        try
        {
            Bind(settings);
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
    }
}
