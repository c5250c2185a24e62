namespace SiteMonitor.Tests.Integrations.Storage;

/// <summary>Tests that share one emulator.</summary>
[CollectionDefinition(Name)]
public sealed class SharedAzurite : ICollectionFixture<Azurite>
{
    public const string Name = "Azurite";
}
