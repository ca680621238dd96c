using Larkspur.Gateway.Apps.Feishu;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Gateway.Console.Pages.Approvals;

/// <summary>An approval form that is known here.</summary>
/// <param name="App">By which app it is seen.</param>
/// <param name="Code">Its approval code.</param>
/// <param name="Subscription">Whether its events come, in a word of the store; null: they were not asked for.</param>
public sealed record KnownForm(string App, string Code, string? Subscription)
{
    /// <summary>One word for app and code, as the value of a choice.</summary>
    public string Key => $"{App}/{Code}";

    /// <summary>It is this one, however its code is written.</summary>
    public bool Is(string app, string code) => App == app && string.Equals(Code, code, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address of its list.</summary>
    /// <param name="navigation">The browser's place.</param>
    /// <param name="state">The platform's word for a state; null: all but withdrawn ones.</param>
    /// <param name="from">The first day; null: seven days before the last.</param>
    /// <param name="until">The last day; null: today.</param>
    internal string Path(NavigationManager navigation, string? state = null, string? from = null, string? until = null) =>
        navigation.GetUriWithQueryParameters(ConsolePaths.Approvals, new Dictionary<string, object?>
        {
            ["app"] = App == FeishuApps.Default ? null : App, ["code"] = Code, ["state"] = state, ["from"] = from, ["until"] = until,
        });
}
