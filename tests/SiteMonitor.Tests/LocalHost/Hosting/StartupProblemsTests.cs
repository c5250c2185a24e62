using DurableTask.Sqlite;
using DurableTask.Sqlite.Storage;
using Microsoft.Data.Sqlite;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.Hosting;

public sealed class StartupProblemsTests : IDisposable
{
    /// <summary>"SMDE", which the engine of versions up to 2.0.0-beta.1 wrote into its databases.</summary>
    private const int FormerApplicationId = 0x534D4445;

    private readonly TestDirectory _directory = new();

    [Fact]
    public void A_Durable_Database_Of_The_Former_Engine_Is_Refused_With_What_To_Do()
    {
        string path = Path.Combine(_directory.Path, "durable.db");
        using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = new($"PRAGMA application_id = {FormerApplicationId}; CREATE TABLE instances(key INTEGER PRIMARY KEY)", connection);
            command.ExecuteNonQuery();
        }

        SchemaException refused = Assert.Throws<SchemaException>(
            () => new SqliteOrchestrationService(new SqliteOrchestrationServiceOptions { DatabasePath = path }));
        StartupException? told = StartupProblems.ToStartupException(
            refused, new HostArguments { DataDirectory = _directory.Path, Root = _directory.Path });

        Assert.Contains("Let that one finish them, then move the file away", told!.Message, StringComparison.Ordinal);
        Assert.Contains("--fresh", told.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
