using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Every endpoint and event that the switched-on features use is opened by a granted scope; what to grant else is the least that would do.</summary>
internal sealed class ScopesCheck : IDoctorCheck
{
    public string Id => "scopes";

    public LocalText Title => ScopesCheckTexts.Title;

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        if (of.Features.Count == 0) return CheckResult.Skipped(ScopesCheckTexts.NothingIsSwitchedOnNeeds);
        var (granted, instead) = await GrantedScopes.AskAsync(platform);
        if (granted is null) return instead!;
        ScopeNeed[] needs = [.. of.Features.SelectMany(f => f.Needs()).DistinctBy(n => n.For)];
        ScopeNeed[] closed = [.. needs.Where(n => !n.AnyOf.Any(granted.Has))];
        var least = ScopePlan.Least(needs);
        if (closed.Length == 0)
            return CheckResult.Ok(ScopesCheckTexts.ScopesForEndpointOrEventAre(needs.Length), new()
                { ["needed"] = CheckResult.List(least) });
        // What the plan would grant anyway comes first, so that mending one gap does not open another door.
        string[] missing = [.. closed.Select(n => n.AnyOf.FirstOrDefault(least.Contains) ?? n.AnyOf[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return CheckResult.Failed(
            ScopesCheckTexts.MissingScopesFor(LocalText.List(missing), LocalText.List(closed.Select(n => n.For))),
            ScopesCheckTexts.OpenLinkGrantThemThenPublish,
            new() { ["missing"] = CheckResult.List(missing), ["closed"] = CheckResult.List(closed.Select(n => n.For)), ["needed"] = CheckResult.List(least) }) with { Link = platform.GrantPage(missing) };
    }
}
