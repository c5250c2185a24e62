using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SiteMonitor.Integrations.Storage;

namespace SiteMonitor.Tests.Integrations.Storage;

public sealed class LedgerOptionsTests
{
    [Fact]
    public void Everything_Wrong_Is_Reported_By_Name_And_No_Value_Is_Repeated()
    {
        List<string> problems = Problems(new() { ["Ledger:BlobServiceUri"] = "http://elsewhere.example", ["Ledger:ConnectionString"] = "s3cret", ["Ledger:Container"] = "No Such", ["Ledger:RequestTimeout"] = "soon" });

        Assert.Equal(5, problems.Count);
        Assert.All(problems, p => Assert.StartsWith("Ledger:", p, StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_Storage_The_Application_Does_Not_Start() =>
        Assert.Contains("Ledger:BlobServiceUri: missing", Assert.Single(Problems([])), StringComparison.Ordinal);

    [Theory]
    [InlineData("Ledger:BlobServiceUri", "https://account.blob.core.windows.net/")]
    [InlineData("Ledger:ConnectionString", "UseDevelopmentStorage=true")]
    public void One_Address_Is_Enough(string setting, string value) => Assert.Empty(Problems(new() { [setting] = value }));

    private static List<string> Problems(Dictionary<string, string?> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using ServiceProvider services = new ServiceCollection().AddLogging().AddBlobStorage(configuration).BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
    }
}
