using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The REST key of the environment may do everything: it must be long, and no example.</summary>
internal sealed class ApiKeyCheck(GatewaySettings settings) : IDoctorCheck
{
    private const int Least = 16;
    private static readonly string[] Examples = ["changeme", "change-me", "your-api-key", "your_api_key", "example"];

    public string Id => "api_key";

    public LocalText Title => new("REST 密钥", "REST key");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge(settings.ApiKey));

    private static CheckResult Judge(string? key)
    {
        var fix = new LocalText("换成随机密钥，例如 openssl rand -hex 24；给每个业务系统单独的、范围有限的密钥", "Set a random one, like openssl rand -hex 24; give each business system a key of its own with few scopes");
        if (key is null) return CheckResult.Ok("没有 LARKSPUR_API_KEY", "There is no LARKSPUR_API_KEY");
        if (Examples.Any(e => key.Contains(e, StringComparison.OrdinalIgnoreCase)) || key.Distinct().Count() < 6)
            return CheckResult.Failed(new("LARKSPUR_API_KEY 是示例或极易猜到", "LARKSPUR_API_KEY is an example, or easily guessed"), fix);
        if (key.Length < Least) return CheckResult.Warning(new($"LARKSPUR_API_KEY 只有 {key.Length} 个字符", $"LARKSPUR_API_KEY has {key.Length} characters only"), fix);
        return CheckResult.Ok("LARKSPUR_API_KEY 足够长；它拥有全部权限，请只用于管理", "LARKSPUR_API_KEY is long enough; it may do everything, so keep it for administration");
    }
}
