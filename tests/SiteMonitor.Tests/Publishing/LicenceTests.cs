using System.Text.Json;
using System.Xml.Linq;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Publishing;

/// <summary>Every package in a program that is shipped has a licence that allows it.</summary>
public sealed class LicenceTests
{
    private static readonly HashSet<string> Allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"];

    /// <summary>
    /// Licences of packages that do not name theirs as an SPDX expression: from the licence file in the package, or of the repository at the
    /// given address. A new version needs a new look.
    /// </summary>
    private static readonly Dictionary<string, string> ManuallyReviewed = new(StringComparer.Ordinal)
    {
        ["Apache.Arrow/22.1.0"] = "Apache-2.0",
        ["NCrontab.Signed/3.3.2"] = "Apache-2.0",
        ["System.Security.Cryptography.ProtectedData/4.5.0"] = "MIT",

        // https://github.com/openai/openai-dotnet/blob/OpenAI_2.1.0/LICENSE
        ["OpenAI/2.1.0"] = "MIT",

        // https://github.com/dotnet/reactive/blob/main/LICENSE
        ["System.Reactive.Compatibility/6.1.0"] = "MIT",
    };

    public static TheoryData<string> Programs() => ["SiteMonitor.Functions", "SiteMonitor.LocalHost", "SiteMonitor.Cli"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_Licence_Of_Every_Package_Is_Allowed(string program)
    {
        (string Id, XElement Metadata)[] packages = [.. Packages(program)];

        string[] refused =
        [
            .. from package in packages
               let licence = ManuallyReviewed.GetValueOrDefault(package.Id) ?? Expression(package.Metadata)
               where !Allowed.Contains(licence)
               select $"{package.Id}: {(licence.Length > 0 ? licence : "names no licence: read it and add the version to this test")}",
        ];

        Assert.NotEmpty(packages);
        Assert.Empty(refused);
    }

    private static string Expression(XElement metadata) =>
        metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license" && (string?)e.Attribute("type") == "expression")?.Value.Trim()
        ?? string.Empty;

    /// <summary>Returns the packages that the restore found for a program, with the metadata of their <c>.nuspec</c> files.</summary>
    private static IEnumerable<(string Id, XElement Metadata)> Packages(string program)
    {
        using JsonDocument assets = JsonDocument.Parse(RepositoryRoot.Read("src", program, "obj", "project.assets.json"));
        string[] folders = [.. assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name)];
        foreach (JsonProperty library in assets.RootElement.GetProperty("libraries").EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() == "package")
            {
                string path = library.Value.GetProperty("path").GetString()!;
                string nuspec = library.Value.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)
                    .Single(f => f.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase));
                string file = folders.Select(folder => Path.Combine(folder, path, nuspec)).First(File.Exists);
                yield return (library.Name, XDocument.Load(file).Root!.Elements().Single(e => e.Name.LocalName == "metadata"));
            }
        }
    }
}
