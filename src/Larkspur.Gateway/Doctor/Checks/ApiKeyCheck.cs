using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The REST key of the environment may do everything: it must be long, no example, and better not the only one.</summary>
internal sealed class ApiKeyCheck(GatewaySettings settings, IDatabase database) : IDoctorCheck
{
    private static readonly string[] Examples = ["changeme", "change-me", "your-api-key", "your_api_key", "example"];

    public string Id => "api_key";

    public LocalText Title => new("REST 密钥", "REST key");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) =>
        Judge(settings.ApiKey, await database.ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM api_key WHERE revoked_at IS NULL"), cancellation) ?? 0);

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
