namespace SiteMonitor.Integrations.Settings;

/// <summary>Settings read by <see cref="SettingsBinder"/>: a value of the wrong kind becomes a problem to report together with all others, not an exception that hides them.</summary>
public abstract class BoundSettings
{
    private readonly List<string> _bindingProblems = [];

    internal IReadOnlyList<string> BindingProblems => _bindingProblems;

    internal void AddBindingProblem(string problem) => _bindingProblems.Add(problem);
}
