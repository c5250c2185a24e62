using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Specialists;

/// <summary>Validates a parsed catalogue file and collects every problem.</summary>
internal sealed partial class CatalogueValidator(string file)
{
    private const int MaxSpecialists = 20;
    private const int MaxRules = 20;
    private const int MaxListed = 40;

    // GitHub refuses longer label names.
    private const int MaxLabelLength = 50;
    private const int MaxTextLength = 400;
    private const int MaxPathLength = 200;

    private readonly List<CatalogueProblem> _problems = [];

    public IReadOnlyList<CatalogueProblem> Problems => _problems;

    public IReadOnlyList<Specialist> Validate(CatalogueFile? parsed)
    {
        if (parsed?.Specialists is not { Count: > 0 and <= MaxSpecialists } entries)
        {
            Add("specialists", $"must list 1 to {MaxSpecialists} specialists");
            return [];
        }

        List<Specialist> specialists = [];
        HashSet<string> labels = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < entries.Count; i++)
        {
            Specialist? specialist = CheckSpecialist(entries[i], $"specialists[{i}]");
            if (specialist is not null && !labels.Add(specialist.Label))
            {
                Add($"specialists[{i}].label", $"'{specialist.Label}' occurs twice");
            }

            if (specialist is not null)
            {
                specialists.Add(specialist);
            }
        }

        return specialists;
    }

    private Specialist? CheckSpecialist(CatalogueFile.SpecialistEntry? entry, string at)
    {
        if (entry is null)
        {
            Add(at, "is null: write a specialist");
            return null;
        }

        return new Specialist
        {
            Label = CheckLabel(entry.Label, $"{at}.label"),
            Name = Text(entry.Name, $"{at}.name"),
            Description = Text(entry.Description, $"{at}.description"),
            Rules = CheckRules(entry.Rules, $"{at}.rules"),
            Deliverable = CheckDeliverable(entry.Deliverable, $"{at}.deliverable"),
            Quality = CheckQuality(entry.Quality, $"{at}.quality"),
        };
    }

    private string CheckLabel(string? label, string at)
    {
        string text = Text(label, at, MaxLabelLength);
        if (WorkflowLabels.Reserved.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            Add(at, $"'{text}' is a workflow label: choose another");
        }
        else if (text.Length > 0 && !LabelShape().IsMatch(text))
        {
            Add(at, $"'{text}' must be lower-case letters, digits and single hyphens, since it also names a branch");
        }

        return text;
    }

    private List<SpecialistRule> CheckRules(List<CatalogueFile.RuleEntry?>? rules, string at)
    {
        List<SpecialistRule> result = [];
        if (rules is not { Count: > 0 and <= MaxRules })
        {
            Add(at, $"must list 1 to {MaxRules} rules");
            return result;
        }

        for (int i = 0; i < rules.Count; i++)
        {
            string rule = $"{at}[{i}]";
            if (rules[i] is not { } entry)
            {
                Add(rule, "is null: write a rule");
                continue;
            }

            double weight = Share(entry.Weight, $"{rule}.weight", aboveZero: true);
            double minimum = Share(entry.Minimum, $"{rule}.minimum", aboveZero: true);
            if (minimum > weight && weight > 0)
            {
                Add($"{rule}.minimum", $"{minimum} is above the weight {weight}, so the rule could never match");
            }

            result.Add(new SpecialistRule(
                List(entry.TriggerLabels, $"{rule}.triggerLabels", MaxLabelLength),
                List(entry.Keywords, $"{rule}.keywords", MaxTextLength),
                weight,
                minimum));
        }

        return result;
    }

    private Deliverable CheckDeliverable(CatalogueFile.DeliverableEntry? entry, string at)
    {
        if (entry is null)
        {
            Add(at, "is missing");
        }

        string path = CheckPath(entry?.Path, $"{at}.path");
        if (entry?.Path is not null && path.Split("<slug>").Length != 2)
        {
            Add($"{at}.path", "must have <slug> exactly once, where the issue's title goes");
        }

        return new Deliverable(
            Text(entry?.Title, $"{at}.title"),
            path,
            CheckPath(entry?.Template, $"{at}.template"),
            List(entry?.Sections, $"{at}.sections", MaxTextLength),
            List(entry?.Requirements, $"{at}.requirements", MaxTextLength));
    }

    private string CheckPath(string? path, string at)
    {
        string text = Text(path, at, MaxPathLength);
        string[] parts = text.Split('/');
        if (text.Length > 0 && !PathShape().IsMatch(text.Replace("<slug>", "slug", StringComparison.Ordinal)))
        {
            Add(at, $"'{text}' must be a relative path in the repository, of letters, digits, '.', '_', '-' and '/'");
        }
        else if (parts.FirstOrDefault(part => part.StartsWith('.')) is { } hidden)
        {
            Add(at, $"'{text}' must not have a part that begins with '.', such as '{hidden}': '..' leaves its folder, " +
                "and '.github' holds workflows");
        }

        return text;
    }

    private QualityBar CheckQuality(CatalogueFile.QualityEntry? entry, string at)
    {
        if (entry is null)
        {
            Add(at, "is missing");
        }

        if (entry is not null && entry.MinimumWords is not (>= 1 and <= 100_000))
        {
            Add($"{at}.minimumWords", "must be 1 to 100000");
        }

        return new QualityBar(
            Share(entry?.Confidence, $"{at}.confidence", aboveZero: false),
            entry?.MinimumWords ?? 0,
            entry?.ExecutiveSummary ?? false,
            entry?.Recommendations ?? false,
            entry?.Sources ?? false);
    }

    private string Text(string? text, string at, int maxLength = MaxTextLength)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Add(at, "is missing or empty");
        }
        else if (text.Length > maxLength || text.Any(char.IsControl) || text != text.Trim())
        {
            Add(at, $"must be one line of at most {maxLength} characters without spaces around it");
        }

        return text ?? string.Empty;
    }

    private List<string> List(List<string?>? items, string at, int maxLength)
    {
        List<string> result = [];
        if (items is not { Count: > 0 and <= MaxListed })
        {
            Add(at, $"must list 1 to {MaxListed} entries");
            return result;
        }

        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < items.Count; i++)
        {
            string text = Text(items[i], $"{at}[{i}]", maxLength);
            if (text.Length > 0 && !seen.Add(text))
            {
                Add($"{at}[{i}]", $"'{text}' occurs twice");
            }

            result.Add(text);
        }

        return result;
    }

    private double Share(double? value, string at, bool aboveZero)
    {
        if (value is not (>= 0 and <= 1) || (aboveZero && value == 0))
        {
            Add(at, aboveZero ? "must be a number above 0 and at most 1" : "must be a number from 0 to 1");
        }

        return value ?? 0;
    }

    private void Add(string entry, string reason) => _problems.Add(new CatalogueProblem(file, entry, $"{reason}."));

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LabelShape();

    [GeneratedRegex(@"^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PathShape();
}
