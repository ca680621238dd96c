using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Granted scopes that nothing of the gateway uses: each is a door that need not be open.</summary>
internal sealed class SuperfluousScopesCheck : IDoctorCheck
{
    private const int MostNamed = 20;

    public string Id => "superfluous_scopes";

    public LocalText Title => SuperfluousScopesCheckTexts.Title;

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        if (of.Features.Count == 0) return CheckResult.Skipped(SuperfluousScopesCheckTexts.NothingIsSwitchedOnSoNothing);
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
            return optional.Count == 0 ? CheckResult.Ok(SuperfluousScopesCheckTexts.NoScopeIsSuperfluous, detail)
                : CheckResult.Ok(SuperfluousScopesCheckTexts.NoScopeIsSuperfluousIsFor(optional.Count), detail);
        }

        var named = superfluous.Take(MostNamed).ToArray();
        var more = superfluous.Length - named.Length;
        return CheckResult.Warning(
            SuperfluousScopesCheckTexts.NotUsed(superfluous.Length, LocalText.List(named))
                + (more > 0 ? SuperfluousScopesCheckTexts.AndMore(more) : LocalText.From("")),
            SuperfluousScopesCheckTexts.RemoveThemUnderPermissions, detail) with { Link = platform.ConsolePage("auth") };
    }
}
