using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Where the specialist catalogue comes from: the file of <c>Pipeline:CatalogueFile</c>, or the one built in.</summary>
internal static class CatalogueFile
{
    public static CatalogueLoadResult Load(PipelineOptions options)
    {
        if (options.CatalogueFile.Length == 0)
        {
            return new CatalogueLoadResult(CatalogueLoader.BuiltIn, []);
        }

        try
        {
            return CatalogueLoader.Load(File.ReadAllText(options.CatalogueFile), options.CatalogueFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new CatalogueLoadResult(null, [new CatalogueProblem(options.CatalogueFile, "the file", $"cannot be read ({exception.GetType().Name}): check the path and its permissions.")]);
        }
    }
}
