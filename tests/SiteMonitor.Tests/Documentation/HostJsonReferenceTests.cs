using System.Text.Json;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

public sealed class HostJsonReferenceTests
{
    [Fact]
    public void Every_Choice_In_Host_Json_Is_Explained_By_Its_Name_Or_Its_Parents()
    {
        using JsonDocument host = JsonDocument.Parse(RepositoryRoot.Read("host.json"));
        string hosting = RepositoryRoot.Read("docs", "hosting.md");

        string[] unexplained = [.. Leaves(host.RootElement, string.Empty).Where(path => path != "version" && !path.Split('/').TakeLast(2).Any(name => hosting.Contains(name, StringComparison.Ordinal)))];

        Assert.Empty(unexplained);
    }

    private static IEnumerable<string> Leaves(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? element.EnumerateObject().SelectMany(p => Leaves(p.Value, path.Length == 0 ? p.Name : $"{path}/{p.Name}"))
        : [path];
}
