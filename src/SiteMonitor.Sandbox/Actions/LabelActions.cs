using System.Collections.Immutable;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Labels of repositories and issues.</summary>
internal sealed class LabelActions(IssueEvents events)
{
    private const int MaxNameLength = 50;
    private const int MaxLabelsPerIssue = 100;
    private const string DefaultColor = "ededed";

    /// <summary>The names as the repository spells them; creates the ones it lacks, as REST does.</summary>
    public static ImmutableArray<string> FindOrCreate(StateTransaction draft, WriteContext by, string repositoryKey, IEnumerable<string> names)
    {
        ImmutableArray<string>.Builder found = ImmutableArray.CreateBuilder<string>();
        foreach (string name in names)
        {
            SimulatedLabel label = draft.Repository(repositoryKey).FindLabel(name) ?? Create(draft, by, repositoryKey, name, DefaultColor, "");
            if (!found.Contains(label.Name))
            {
                found.Add(label.Name);
            }
        }

        return found.ToImmutable();
    }

    public static SimulatedLabel Create(StateTransaction draft, WriteContext by, string repositoryKey, string name, string color, string description)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw GitHubErrorException.Invalid("Label", "name", "missing_field", "name can't be blank");
        }

        if (name.Length > MaxNameLength)
        {
            throw GitHubErrorException.Invalid("Label", "name", "invalid", "name is too long (maximum is 50 characters)");
        }

        if (color.Length != 6 || !color.All(char.IsAsciiHexDigit))
        {
            throw GitHubErrorException.Invalid("Label", "color", "invalid", "color must be six hexadecimal digits");
        }

        SimulatedRepository repository = draft.Repository(repositoryKey);
        if (repository.FindLabel(name) is not null)
        {
            throw GitHubErrorException.Invalid("Label", "name", "already_exists", "name has already been taken");
        }

        SimulatedLabel label = new(draft.NextId(), name, color, description);
        draft.Put(repository with { Labels = repository.Labels.Add(label) });
        draft.LogWrite(by, WriteKind.LabelCreated, repositoryKey, "", name);
        return label;
    }

    public SimulatedIssue Add(StateTransaction draft, WriteContext by, SimulatedIssue issue, IEnumerable<string> names)
    {
        foreach (string name in FindOrCreate(draft, by, issue.Repository, names))
        {
            bool changes = !issue.Has(name);
            draft.LogWrite(by, WriteKind.LabelAdded, issue.Reference, changes ? "" : name, name, changes);
            if (changes)
            {
                if (issue.Labels.Length >= MaxLabelsPerIssue)
                {
                    throw GitHubErrorException.Invalid("Issue", "labels", "invalid", "an issue can have at most 100 labels");
                }

                issue = draft.Put(issue with { Labels = issue.Labels.Add(name), UpdatedAt = draft.Now });
                events.Labeled(draft, by, issue, name, added: true);
            }
        }

        return issue;
    }

    public SimulatedIssue Remove(StateTransaction draft, WriteContext by, SimulatedIssue issue, string name)
    {
        string? present = issue.Labels.FirstOrDefault(l => l.Equals(name, StringComparison.OrdinalIgnoreCase));
        draft.LogWrite(by, WriteKind.LabelRemoved, issue.Reference, present ?? "", "", present is not null);
        if (present is null)
        {
            return issue;
        }

        issue = draft.Put(issue with { Labels = issue.Labels.Remove(present), UpdatedAt = draft.Now });
        events.Labeled(draft, by, issue, present, added: false);
        return issue;
    }

    /// <summary>Makes the issue bear exactly these labels, as a PATCH does.</summary>
    public SimulatedIssue Replace(StateTransaction draft, WriteContext by, SimulatedIssue issue, IReadOnlyList<string> names)
    {
        foreach (string name in issue.Labels.Where(l => !names.Contains(l, StringComparer.OrdinalIgnoreCase)))
        {
            issue = Remove(draft, by, issue, name);
        }

        return Add(draft, by, issue, names.Where(n => !issue.Has(n)));
    }
}
