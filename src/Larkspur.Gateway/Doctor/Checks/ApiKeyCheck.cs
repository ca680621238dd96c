using System.Globalization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The REST key of the environment may do everything: it must be long, no example, and better not the only one. Keys that end soon are named.</summary>
internal sealed class ApiKeyCheck(ApiOptions settings, IDatabase database, TimeProvider clock) : IDoctorCheck
{
    private const int Shown = 10;
    private static readonly string[] Examples = ["changeme", "change-me", "your-api-key", "your_api_key", "example"];

    public string Id => "api_key";

    public LocalText Title => ApiKeyCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var judged = Judge(settings.ApiKey, await database.ReadAsync(ApiKeys.CountAsync, cancellation));
        if (judged.Status != CheckStatus.Ok) return judged;
        var ending = await KeyExpiryWarning.EndingAsync(database, clock.GetUtcNow(), cancellation);
        if (ending.Count == 0) return judged;
        var names = string.Join(", ", ending.Take(Shown).Select(k => $"{k.Name} ({k.ExpiresAt!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)})"));
        return CheckResult.Warning(ApiKeyCheckTexts.KeysEndWithinDays(KeyExpiry.Warning.Days, names),
            ApiKeyCheckTexts.MoveEndPATCHApiV1ApiKeys);
    }

    private static CheckResult Judge(string? key, long others)
    {
        var fix = ApiKeyCheckTexts.SetRandomOneLikeOpensslRand;
        if (key is null) return CheckResult.Ok(ApiKeyCheckTexts.ThereIsNoLARKSPURAPIKEYOther(others));
        if (Examples.Any(e => key.Contains(e, StringComparison.OrdinalIgnoreCase)) || key.Distinct().Count() < 6)
            return CheckResult.Failed(ApiKeyCheckTexts.LARKSPURAPIKEYIsExampleOr, fix);
        return others == 0
            ? CheckResult.Ok(ApiKeyCheckTexts.LARKSPURAPIKEYIsLongEnoughIt)
            : CheckResult.Ok(ApiKeyCheckTexts.LARKSPURAPIKEYIsLongEnough(others));
    }
}
