using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Guidance for findings of the built-in set, for people to read.</summary>
public sealed class GuidanceSampleTests
{
    /// <summary>A worksheet with domains, a finding in Spanish, a table with addresses, a company in English, and a hostile text.</summary>
    private static readonly int[] Numbers = [24, 57, 111, 183, 180];

    [Fact]
    public async Task The_Samples_Are_What_The_Code_Writes()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        PlanContext context = app.Services.GetRequiredService<PlanContext>();
        IAnalysisModel model = app.Services.GetRequiredService<IAnalysisModel>();
        StringBuilder text = new();
        text.Append(
            """
            # Guidance, five samples

            What the preparation writes into issues, for five findings of the [built-in set](../backtest.md), with the specialists that people
            chose. The names come from the sandbox's simulated model, which finds few; a real model finds more. What stands under *Focus areas*
            stands in the finding word for word.

            """);
        foreach (IssueHistory issue in await ReadAsync())
        {
            IssueSnapshot opened = issue.CreateSnapshotAsOpened(new RepositoryRef("octo-org", "evaluation-set"), context.Catalogue);
            ModelResult answer = (await model.AnalyzeAsync(AnalysisTextSelector.From(opened, context.Markers), context.Catalogue, TestContext.Current.CancellationToken)).Value!;
            Specialist[] specialists = [.. issue.FindHumanDecision(context.Catalogue).Specialists.Select(context.Catalogue.Find).OfType<Specialist>()];
            EntitySet entities = EntityExtractor.Extract($"{issue.Title}\n\n{issue.Body}", answer.Analysis!.Names);
            GuidanceText guidance = Guidance.Compose(opened, specialists, entities, new GuidanceSpace(60_000, "\n"));
            text.Append($"\n## {PlainTitle(issue.Title)}\n\nThe finding:\n\n`````text\n{issue.Body.ReplaceLineEndings("\n")}\n`````\n\n")
                .Append($"The guidance:\n\n`````markdown\n{guidance.Section}\n`````\n");
        }

        CommittedFile.ShouldBe(text.ToString().ReplaceLineEndings("\n"), "docs", "examples", "guidance.md");
    }

    private static string PlainTitle(string title) => title.Replace("[monitor]", "Monitor:", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<IssueHistory>> ReadAsync()
    {
        using TextReader reader = ExportFile.OpenEvaluationSet();
        await ExportFile.ReadHeaderAsync(reader, TestContext.Current.CancellationToken);
        Dictionary<int, IssueHistory> issues = await ExportFile.ReadIssuesAsync(reader, TestContext.Current.CancellationToken).ToDictionaryAsync(i => i.Number);
        return [.. Numbers.Select(number => issues[number])];
    }
}
