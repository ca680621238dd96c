using Larkspur.Gateway.Common;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Routing;

/// <summary>The rules: app, chat, person or department, keyword or command to backend. The first that fits counts.</summary>
internal sealed class AssistantRoutes
{
    public const string DefaultName = "default";
    public const string DefaultFeature = "assistant";

    private readonly List<(RouteOptions Rule, AssistantRoute Route)> _rules = [];
    private readonly Dictionary<string, AssistantRoute> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly AssistantRoute? _default;

    /// <exception cref="SettingsException">A rule names masking that does not exist.</exception>
    public AssistantRoutes(AssistantOptions options)
    {
        var masks = new MaskingRegistry(options);
        foreach (var rule in options.Routes)
        {
            var route = new AssistantRoute(rule.Name, rule.Backend, rule.Title is { Length: > 0 } title ? title : rule.Name, rule.Feature is { Length: > 0 } feature ? feature : DefaultFeature,
                masks.Read(rule.Masking ?? options.Masking), rule.Documents, rule.Attachments) { Suggestions = rule.Suggestions };
            _rules.Add((rule, route));
            _byName[route.Name] = route;
        }

        if (options.Backends.Count == 0) return;
        var backend = options.Backends.ContainsKey(AssistantOptions.DefaultBackend) ? AssistantOptions.DefaultBackend : options.Backends.Keys.First();
        _default = _byName.GetValueOrDefault(DefaultName) ?? new AssistantRoute(DefaultName, backend, DefaultName, DefaultFeature, masks.Read(options.Masking), true);
        _byName.TryAdd(DefaultName, _default);
    }

    /// <summary>There is somebody to answer.</summary>
    public bool Any => _byName.Count > 0;

    /// <summary>Routes that people may choose among, the default first.</summary>
    public IReadOnlyList<AssistantRoute> Selectable =>
        _rules.Any(r => r.Rule.Selectable) ? [.. (_default is { } d ? new[] { d } : []).Concat(_rules.Where(r => r.Rule.Selectable).Select(r => r.Route)).DistinctBy(r => r.Name)] : [];

    /// <summary>The rules in the order in which they are tried, each with its route; what fits none goes to <see
    /// cref="Default"/>.</summary>
    public IReadOnlyList<(RouteOptions Rule, AssistantRoute Route)> Rules => _rules;

    /// <summary>Who answers what fits no rule; null: there is no backend.</summary>
    public AssistantRoute? Default => _default;

    /// <summary>What permissions are asked for, by some route or another.</summary>
    public IEnumerable<string> Features => _byName.Values.Select(r => r.Feature);

    /// <summary>Some route reads linked documents.</summary>
    public bool ReadDocuments => _byName.Values.Any(r => r.Documents);

    /// <summary>Some rule chooses by department.</summary>
    public bool NameDepartments => _rules.Any(r => !string.IsNullOrEmpty(r.Rule.Department));

    public AssistantRoute? Named(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Words that, as commands, ask one route: the first rule of a word counts.</summary>
    public IEnumerable<(string Word, AssistantRoute Route)> Commands => _rules.Where(r => !string.IsNullOrEmpty(r.Rule.Command))
        .DistinctBy(r => r.Rule.Command, StringComparer.OrdinalIgnoreCase).Select(r => (r.Rule.Command!, r.Route));

    /// <summary>The route of a message; null: nobody answers it.</summary>
    /// <param name="message">What was said.</param>
    /// <param name="person">By whom.</param>
    /// <param name="departments">Theirs on the platform, with those above.</param>
    /// <param name="chosen">What the person chose by <c>/switch</c>; it comes after the rules that fit this very message.</param>
    public AssistantRoute? Of(UnifiedMessage message, KnownPerson person, IReadOnlyList<string> departments, string? chosen)
    {
        foreach (var (rule, route) in _rules)
        {
            if (!string.IsNullOrEmpty(rule.Command) || IsOpen(rule)) continue;
            if (Fits(rule, message, person, departments)) return route;
        }

        if (chosen is not null && Selectable.FirstOrDefault(r => r.Name == chosen) is { } choice) return choice;
        // A rule that names nothing is the default of those who configured one.
        return _rules.FirstOrDefault(r => IsOpen(r.Rule) && !r.Rule.Selectable && string.IsNullOrEmpty(r.Rule.Command)).Route ?? _default;
    }

    private static bool IsOpen(RouteOptions rule) => string.IsNullOrEmpty(rule.Platform) && string.IsNullOrEmpty(rule.App) && string.IsNullOrEmpty(rule.Chat)
        && string.IsNullOrEmpty(rule.Person) && string.IsNullOrEmpty(rule.Department) && rule.Keywords.Count == 0;

    private static bool Fits(RouteOptions rule, UnifiedMessage message, KnownPerson person, IReadOnlyList<string> departments) =>
        Is(rule.Platform, message.Platform) && Is(rule.App, message.App) && Is(rule.Chat, message.ChatId)
        && (string.IsNullOrEmpty(rule.Person) || rule.Person == person.Id || string.Equals(rule.Person, person.Email, StringComparison.OrdinalIgnoreCase))
        && (string.IsNullOrEmpty(rule.Department) || departments.Contains(rule.Department))
        && (rule.Keywords.Count == 0 || rule.Keywords.Exists(k => k.Length > 0 && message.Text.Contains(k, StringComparison.OrdinalIgnoreCase)));

    private static bool Is(string? wanted, string actual) => string.IsNullOrEmpty(wanted) || string.Equals(wanted, actual, StringComparison.Ordinal);
}
