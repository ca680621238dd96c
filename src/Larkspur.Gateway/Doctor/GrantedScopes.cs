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
            return (null, CheckResult.Failed(DoctorTexts.AppIsNotInstalledInCompanyNo,
                DoctorTexts.CreateVersionAndPublishIt) with { Link = platform.ConsolePage("version") });
        }

        if (answer.Failure is { } why)
        {
            var unasked = Examination.Unasked(why);
            return (null, unasked.Status == CheckStatus.Warning ? unasked with
            {
                Finding = DoctorTexts.PlatformDoesNotTellGranted(why.Code, why.Message),
                Fix = DoctorTexts.TryAgainLaterOrCompare,
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
