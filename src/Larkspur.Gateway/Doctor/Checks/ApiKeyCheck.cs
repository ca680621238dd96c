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

    public LocalText Title => new("REST 密钥", "REST key");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var judged = Judge(settings.ApiKey, await database.ReadAsync(ApiKeys.CountAsync, cancellation));
        if (judged.Status != CheckStatus.Ok) return judged;
        var ending = await KeyExpiryWarning.EndingAsync(database, clock.GetUtcNow(), cancellation);
        if (ending.Count == 0) return judged;
        var names = string.Join(", ", ending.Take(Shown).Select(k => $"{k.Name} ({k.ExpiresAt!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)})"));
        return CheckResult.Warning(new($"{KeyExpiry.Warning.Days} 天内到期的密钥：{names}", $"Keys that end within {KeyExpiry.Warning.Days} days: {names}"),
            new LocalText("在 REST 中延长（PATCH /api/v1/api-keys/{id} 的 expires_at），或新建密钥后吊销旧的", "Move the end (PATCH /api/v1/api-keys/{id}, expires_at), or make another key and revoke this one"));
    }

    private static CheckResult Judge(string? key, long others)
    {
        var fix = new LocalText("换成随机密钥，例如 openssl rand -hex 24；给每个业务系统单独的、范围有限的密钥", "Set a random one, like openssl rand -hex 24; give each business system a key of its own with few scopes");
        if (key is null) return CheckResult.Ok($"没有 LARKSPUR_API_KEY；另有 {others} 个密钥", $"There is no LARKSPUR_API_KEY; {CheckResult.Count(others, "other key")}");
        if (Examples.Any(e => key.Contains(e, StringComparison.OrdinalIgnoreCase)) || key.Distinct().Count() < 6)
            return CheckResult.Failed(new("LARKSPUR_API_KEY 是示例或极易猜到", "LARKSPUR_API_KEY is an example, or easily guessed"), fix);
        return others == 0
            ? CheckResult.Ok("LARKSPUR_API_KEY 足够长；它是唯一的密钥并拥有全部权限，建议给每个业务系统单独的密钥", "LARKSPUR_API_KEY is long enough; it is the only key and may do everything: better give each business system one of its own")
            : CheckResult.Ok($"LARKSPUR_API_KEY 足够长，请只用于管理；另有 {others} 个密钥", $"LARKSPUR_API_KEY is long enough; keep it for administration. {CheckResult.Count(others, "other key")}");
    }
}
