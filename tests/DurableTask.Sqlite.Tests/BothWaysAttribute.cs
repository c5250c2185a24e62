using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace DurableTask.Sqlite.Tests;

/// <summary>
/// Runs a test with orchestrators kept in memory, and again with each of them replayed from its history at every step: both must do the
/// same.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BothWaysAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<int>(10_000), new TheoryDataRow<int>(0)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
