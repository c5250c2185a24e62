using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class LocalSettingsFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    [Fact]
    public void Values_Are_Settings_With_Double_Underscores_For_Colons()
    {
        IReadOnlyDictionary<string, string?> settings = LocalSettingsFile.Read(_directory.Write("local.settings.json", """
            { "IsEncrypted": false, "Values": { "GitHub__Token": "t", "GitHub:Repositories": "o/r", "Port": 1, "On": true, "Off": null, } /* comment */ }
            """));

        Assert.Equal("t", settings["GitHub:Token"]);
        Assert.Equal("o/r", settings["github:repositories"]);
        Assert.Equal(["1", "true", null], [settings["Port"], settings["On"], settings["Off"]]);
    }

    [Fact]
    public void Without_A_File_Or_Values_There_Are_No_Settings()
    {
        Assert.Empty(LocalSettingsFile.Read(Path.Combine(_directory.Path, "local.settings.json")));
        Assert.Empty(LocalSettingsFile.Read(_directory.Write("local.settings.json", "{}")));
    }

    [Theory]
    [InlineData("{ Values", "cannot be read")]
    [InlineData("""{ "Values": { "GitHub": { "Token": "t" } } }""", "'GitHub' is an object or a list")]
    [InlineData("""{ "Values": [] }""", "cannot be read")]
    [InlineData("""{ "IsEncrypted": true, "Values": {} }""", "func settings decrypt")]
    public void A_Wrong_File_Is_Refused_With_What_To_Do(string content, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<StartupException>(
                () => LocalSettingsFile.Read(_directory.Write("local.settings.json", content))).Message, StringComparison.Ordinal);

    public void Dispose() => _directory.Dispose();
}
