using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The token is a tenant's: all that the gateway does, it does as the app within one company.</summary>
internal sealed class TokenKindCheck : IDoctorCheck
{
    public string Id => "token_kind";

    public LocalText Title => new("凭证类型", "Kind of token");

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        if (platform.Options.Kind == FeishuAppKind.Store) return CheckResult.Skipped("商店应用通过 app_ticket 取凭证，此处不检查", "A store app gets its tokens by app_ticket; not checked here");
        var answer = await platform.TokenAsync();
        if (answer.Failure is { } why) return Examination.Unasked(why);
        var (kind, life) = (answer.Value.GetProperty("kind").GetString(), answer.Value.GetProperty("expire").GetInt64());
        var detail = new System.Text.Json.Nodes.JsonObject { ["kind"] = kind, ["expire"] = life };
        return kind == "tenant" && life > 0
            ? CheckResult.Ok($"tenant_access_token，{life.ToString(CultureInfo.InvariantCulture)} 秒后到期", $"tenant_access_token, for {life.ToString(CultureInfo.InvariantCulture)} s", detail)
            : CheckResult.Failed(new($"得到的不是可用的 tenant_access_token（{kind}）", $"What came is no usable tenant_access_token ({kind})"),
                new("需要企业自建应用；确认 FEISHU_BASE_URL 指向开放平台", "A self-built app is needed; see that FEISHU_BASE_URL leads to the open platform"), detail);
    }
}
