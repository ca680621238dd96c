using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Every endpoint and event that the switched-on features use is opened by a granted scope; what to grant else is the least that would do.</summary>
internal sealed class ScopesCheck : IDoctorCheck
{
    public string Id => "scopes";

    public LocalText Title => new("所需权限", "Scopes needed");

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        if (of.Features.Count == 0) return CheckResult.Skipped("没有开启需要权限的功能", "Nothing is switched on that needs a scope");
        var (granted, instead) = await GrantedScopes.AskAsync(platform);
        if (granted is null) return instead!;
        ScopeNeed[] needs = [.. of.Features.SelectMany(f => f.Needs()).DistinctBy(n => n.For)];
        ScopeNeed[] closed = [.. needs.Where(n => !n.AnyOf.Any(granted.Has))];
        var least = ScopePlan.Least(needs);
        if (closed.Length == 0)
            return CheckResult.Ok($"{needs.Length} 个接口和事件所需的权限都已开通", $"The scopes for {CheckResult.Count(needs.Length, "endpoint or event", "endpoints and events")} are granted", new() { ["needed"] = CheckResult.List(least) });
        // What the plan would grant anyway comes first, so that mending one gap does not open another door.
        string[] missing = [.. closed.Select(n => n.AnyOf.FirstOrDefault(least.Contains) ?? n.AnyOf[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return CheckResult.Failed(
            new($"缺少权限：{string.Join("、", missing)}（用于 {string.Join("、", closed.Select(n => n.For))}）", $"Missing scopes: {string.Join(", ", missing)} (for {string.Join(", ", closed.Select(n => n.For))})"),
            new("打开链接开通这些权限，然后发布版本", "Open the link, grant them, then publish a version"),
            new() { ["missing"] = CheckResult.List(missing), ["closed"] = CheckResult.List(closed.Select(n => n.For)), ["needed"] = CheckResult.List(least) }) with { Link = platform.GrantPage(missing) };
    }
}
