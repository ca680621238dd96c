using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor;

/// <summary>The scopes that the company granted to the app, in the catalogue's spelling where it knows them.</summary>
internal sealed class GrantedScopes
{
    private const int Granted = 1;
    private const int MostRead = 5000;

    private GrantedScopes(IReadOnlySet<string> names) => Names = names;

    public IReadOnlySet<string> Names { get; }

    public bool Has(string scope) => Names.Contains(scope);

    /// <summary>What the platform says, or a result that says why it does not. Nothing is tried out instead: a trial call would have effects.</summary>
    public static async Task<(GrantedScopes? Granted, CheckResult? Instead)> AskAsync(PlatformTalk platform)
    {
        var answer = await platform.ScopesAsync();
        if (answer.Failure is { Code: 212100 })
        {
            return (null, CheckResult.Failed(new("应用没有安装到企业：还没有发布版本，权限都不生效", "The app is not installed in the company: no version was published, so no scope is in force"),
                new("创建并发布一个版本", "Create a version and publish it")) with { Link = platform.ConsolePage("version") });
        }

        if (answer.Failure is { } why)
        {
            var unasked = Examination.Unasked(why);
            return (null, unasked.Status == CheckStatus.Warning ? unasked with
            {
                Finding = new LocalText($"平台没有说明已开通的权限（{why.Code}：{why.Message.Chinese}），因此没有判断", $"The platform does not tell the granted scopes ({why.Code}: {why.Message.English}), so they are not judged"),
                Fix = new("稍后重试；也可以在开发者后台“权限管理”中对照文档 docs/doctor.md 的权限表", "Try again later; or compare Permissions & Scopes of the developer console with the scope table in docs/doctor.md"),
                Link = platform.ConsolePage("auth"),
            } : unasked);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        if (answer.Value.TryGetProperty("scopes", out var scopes) && scopes.ValueKind == JsonValueKind.Array)
        {
            foreach (var scope in scopes.EnumerateArray().Take(MostRead))
            {
                if (scope.TryGetProperty("grant_status", out var status) && status.TryGetInt32(out var number) && number == Granted
                    && scope.TryGetProperty("scope_name", out var name) && name.GetString() is { Length: > 0 } text) names.Add(ScopePlan.Spelled(text));
            }
        }

        return (new GrantedScopes(names), null);
    }
}
