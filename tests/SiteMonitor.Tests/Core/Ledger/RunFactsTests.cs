using System.Reflection;
using System.Text.Json;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class RunFactsTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 5, 7, 3, 11, TimeSpan.Zero);
    private static readonly PropertyInfo[] Members = typeof(IRunFacts).GetProperties();

    public static TheoryData<int> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Facts_Are_Those_Of_The_Record_Also_When_They_Were_Stored(int seed)
    {
        SharedTexts texts = new();
        foreach (RunRecord record in OddLedger.Create(seed, 500, Begin, Begin.AddDays(30)))
        {
            using MemoryStream bytes = new();
            using BinaryWriter writer = new(bytes);
            RunFacts.Write(writer, record);
            writer.Flush();
            bytes.Position = 0;
            using BinaryReader reader = new(bytes);
            RunFacts stored = RunFacts.Read(reader, texts.Share);

            Assert.Equal(bytes.Length, bytes.Position);
            foreach (PropertyInfo member in Members)
            {
                string expected = JsonSerializer.Serialize(member.GetValue(record));
                Assert.Equal((member.Name, expected), (member.Name, JsonSerializer.Serialize(member.GetValue(stored))));
                Assert.Equal(expected, JsonSerializer.Serialize(member.GetValue(RunFacts.From(record, texts.Share))));
            }
        }
    }

    /// <summary>Stored facts keep the numbers of enumerations, and what a version of the code derived.</summary>
    [Fact]
    public void What_Is_Stored_Changes_Only_Together_With_The_Version_Of_The_Form()
    {
        using MemoryStream bytes = new();
        using (BinaryWriter writer = new(bytes))
        {
            foreach (RunRecord record in OddLedger.Create(4, 200, Begin, Begin.AddDays(30)))
            {
                RunFacts.Write(writer, record);
            }
        }

        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()));

        // Changed? Then stored facts of earlier versions are wrong: raise RunFacts.FormatVersion, and put the new hash here.
        Assert.Equal((1, "efe08339886a5920"), (RunFacts.FormatVersion, hash[..16]));
    }
}
