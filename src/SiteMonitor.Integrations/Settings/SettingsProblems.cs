using Microsoft.Extensions.Options;

namespace SiteMonitor.Integrations.Settings;

/// <summary>Collects problems of a section's settings; each names the setting and what to set, never a value.</summary>
internal sealed class SettingsProblems(string section, BoundSettings settings)
{
    private readonly List<string> _lines = [.. settings.BindingProblems];

    public void Add(string setting, string problem) => _lines.Add($"{section}:{setting}: {problem}");

    public void AddIf(bool wrong, string setting, string problem)
    {
        if (wrong)
        {
            Add(setting, problem);
        }
    }

    public void RequireBetween<T>(string setting, T value, T least, T most)
        where T : IComparable<T> =>
        AddIf(value.CompareTo(least) < 0 || value.CompareTo(most) > 0, setting,
            FormattableString.Invariant($"must lie between {least} and {most}."));

    /// <summary>Requires an absolute https address, or http on this machine, because requests carry credentials.</summary>
    public void RequireAddress(string setting, string value)
    {
        bool valid = Uri.TryCreate(value, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
        AddIf(!valid, setting, "must be an absolute https address (http only for this machine).");
    }

    public ValidateOptionsResult ToResult() => _lines.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_lines);
}
