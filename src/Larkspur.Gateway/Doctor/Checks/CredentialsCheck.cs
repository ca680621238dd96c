using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>App id and secret get a token, asked for now: a cached one would say what was right two hours ago.</summary>
internal sealed class CredentialsCheck : IDoctorCheck
{
    public string Id => "credentials";

    public LocalText Title => new("应用凭证", "Credentials");

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        var answer = await platform.TokenAsync();
        if (answer.Failure is not { } why) return CheckResult.Ok("刚刚用 App ID 和 App Secret 取到了新的访问凭证", "App ID and App Secret got a new token just now");
        var detail = new System.Text.Json.Nodes.JsonObject { ["code"] = why.Code, ["log_id"] = why.LogId };
        var link = platform.ConsolePage("baseinfo");
        return why switch
        {
            { Kind: UnaskedKind.Unreachable } => CheckResult.Failed(new($"平台没有应答：{why.Message.Chinese}", $"The platform does not answer: {why.Message.English}"),
                new("检查网络、代理和 FEISHU_BASE_URL；平台品牌（feishu、lark）要选对", "Look at the network, the proxy and FEISHU_BASE_URL; the brand (feishu, lark) must be right"), detail),
            { Code: 10003 or 10012 or 99991543 } => CheckResult.Failed(new($"平台不认识 App ID {platform.Options.AppId}（{why.Code}）", $"The platform does not know the App ID {platform.Options.AppId} ({why.Code})"),
                new("从开发者后台“凭证与基础信息”重新复制 App ID，并确认品牌（feishu、lark）选对", "Copy the App ID again from Credentials & Basic Info of the developer console, and see that the brand (feishu, lark) is right"), detail) with { Link = link },
            { Code: 10014 or 10015 } => CheckResult.Failed(new($"App Secret 不正确（{why.Code}）", $"The App Secret is wrong ({why.Code})"),
                new("从开发者后台“凭证与基础信息”重新复制 App Secret（可能已被重置）", "Copy the App Secret again from Credentials & Basic Info; somebody may have reset it"), detail) with { Link = link },
            _ => CheckResult.Failed(new($"平台拒绝了应用凭证（{why.Code}：{why.Message.Chinese}）", $"The platform refuses the credentials ({why.Code}: {why.Message.English})"),
                new("核对 App ID、App Secret 和应用类型", "Check App ID, App Secret and the app's kind"), detail) with { Link = link },
        };
    }
}
