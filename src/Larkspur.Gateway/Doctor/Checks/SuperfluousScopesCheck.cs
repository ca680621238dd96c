using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Granted scopes that nothing of the gateway uses: each is a door that need not be open.</summary>
internal sealed class SuperfluousScopesCheck : IDoctorCheck
{
    private const int MostNamed = 20;

    public string Id => "superfluous_scopes";

    public LocalText Title => new("多余权限", "Superfluous scopes");

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        if (of.Features.Count == 0) return CheckResult.Skipped("没有开启功能，无从判断哪些权限多余", "Nothing is switched on, so nothing can be called superfluous");
        var (granted, instead) = await GrantedScopes.AskAsync(platform);
        // The check of needed scopes tells the reason; once is enough.
        if (granted is null) return instead! with { Status = CheckStatus.Skipped };
        var kept = ScopePlan.Least(of.Features.SelectMany(f => f.Needs()), granted.Names).ToHashSet(StringComparer.Ordinal);
        // Of what is only possible, not needed: whatever the needed scopes do not open already.
        var possible = PlatformFeature.Optional.Concat(PlatformFeature.Switched.Except(of.Features)).SelectMany(f => f.Needs()).Where(n => !n.AnyOf.Any(kept.Contains));
        var optional = ScopePlan.Least(possible, granted.Names);
        string[] superfluous = [.. granted.Names.Except(kept).Except(optional).Order(StringComparer.Ordinal)];
        var detail = new System.Text.Json.Nodes.JsonObject { ["kept"] = CheckResult.List(kept.Order(StringComparer.Ordinal)), ["optional"] = CheckResult.List(optional), ["superfluous"] = CheckResult.List(superfluous) };
        if (superfluous.Length == 0)
        {
            return optional.Count == 0 ? CheckResult.Ok("没有多余的权限", "No scope is superfluous", detail)
                : CheckResult.Ok($"没有多余的权限；其中 {optional.Count} 项供可选功能使用", $"No scope is superfluous; {CheckResult.Count(optional.Count, "is", "are")} for optional features", detail);
        }

        var named = superfluous.Take(MostNamed).ToArray();
        var more = superfluous.Length - named.Length;
        return CheckResult.Warning(
            new($"{superfluous.Length} 项权限没有用到：{string.Join("、", named)}{(more > 0 ? $" 等，另有 {more} 项" : "")}", $"{CheckResult.Count(superfluous.Length, "scope is", "scopes are")} not used: {string.Join(", ", named)}{(more > 0 ? $" and {more} more" : "")}"),
            new("在开发者后台“权限管理”中关闭它们，然后发布版本", "Remove them under Permissions & Scopes in the developer console, then publish a version"), detail) with { Link = platform.ConsolePage("auth") };
    }
}
