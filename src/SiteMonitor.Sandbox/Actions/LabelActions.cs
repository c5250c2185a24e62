using System.Collections.Immutable;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Manages the labels of repositories and issues.</summary>
internal sealed class LabelActions(IssueEvents events)
{
    private const int MaxNameLength = 50;
    private const int MaxLabelsPerIssue = 100;
    private const string DefaultColor = "ededed";

    /// <summary>Returns the names as the repository spells them and creates missing labels, as REST does.</summary>
    public static ImmutableArray<string> FindOrCreate(
        StateTransaction transaction, WriteContext writer, string repositoryKey, IEnumerable<string> names)
    {
        ImmutableArray<string>.Builder found = ImmutableArray.CreateBuilder<string>();
        foreach (string name in names)
        {
            SimulatedLabel label = transaction.Repository(repositoryKey).FindLabel(name) ?? Create(
                transaction, writer, repositoryKey, name, DefaultColor, "");
            if (!found.Contains(label.Name))
            {
                found.Add(label.Name);
            }
        }

        return found.ToImmutable();
    }

    public static SimulatedLabel Create(
        StateTransaction transaction, WriteContext writer, string repositoryKey, string name, string color, string description)
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

        SimulatedRepository repository = transaction.Repository(repositoryKey);
        if (repository.FindLabel(name) is not null)
        {
            throw GitHubErrorException.Invalid("Label", "name", "already_exists", "name has already been taken");
        }

        SimulatedLabel label = new(transaction.NextId(), name, color, description);
        transaction.Put(repository with { Labels = repository.Labels.Add(label) });
        transaction.LogWrite(writer, WriteKind.LabelCreated, repositoryKey, "", name);
        return label;
    }

    public SimulatedIssue Add(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, IEnumerable<string> names)
    {
        foreach (string name in FindOrCreate(transaction, writer, issue.Repository, names))
        {
            bool changes = !issue.Has(name);
            transaction.LogWrite(writer, WriteKind.LabelAdded, issue.Reference, changes ? "" : name, name, changes);
            if (changes)
            {
                if (issue.Labels.Length >= MaxLabelsPerIssue)
                {
                    throw GitHubErrorException.Invalid("Issue", "labels", "invalid", "an issue can have at most 100 labels");
                }

                issue = transaction.Put(issue with
                {
                    Labels = issue.Labels.Add(name),
                    Events = issue.Events.Add(transaction.CreateEvent(writer, SimulatedEventKind.LabeledEvent, name)),
                    UpdatedAt = transaction.Now,
                });
                events.Labeled(transaction, writer, issue, name, added: true);
            }
        }

        return issue;
    }

    public SimulatedIssue Remove(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string name)
    {
        string? present = issue.Labels.FirstOrDefault(l => l.Equals(name, StringComparison.OrdinalIgnoreCase));
        transaction.LogWrite(writer, WriteKind.LabelRemoved, issue.Reference, present ?? "", "", present is not null);
        if (present is null)
        {
            return issue;
        }

        issue = transaction.Put(issue with
        {
            Labels = issue.Labels.Remove(present),
            Events = issue.Events.Add(transaction.CreateEvent(writer, SimulatedEventKind.UnlabeledEvent, present)),
            UpdatedAt = transaction.Now,
        });
        events.Labeled(transaction, writer, issue, present, added: false);
        return issue;
    }

    /// <summary>Sets the labels of the issue to exactly these names, as PATCH does.</summary>
    public SimulatedIssue Replace(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, IReadOnlyList<string> names)
    {
        foreach (string name in issue.Labels.Where(l => !names.Contains(l, StringComparer.OrdinalIgnoreCase)))
        {
            issue = Remove(transaction, writer, issue, name);
        }

        return Add(transaction, writer, issue, names.Where(n => !issue.Has(n)));
    }
}
