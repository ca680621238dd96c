using Larkspur.DingTalk;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.DingTalk.Ingress;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The DingTalk apps: a token is to be had, deliveries come, cards are taken. It costs none of the month's calls: contacts are free, and a token comes with them.</summary>
internal sealed class DingTalkCheck(DingTalkApps apps, DingTalkStreams streams) : IDoctorCheck
{
    /// <summary>Nobody has this id: the platform's "no such person" proves the credentials.</summary>
    private const string Nobody = "larkspur-doctor-nobody";

    public string Id => "dingtalk";

    public LocalText Title => new("钉钉", "DingTalk");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (CheckResult.OfIncomplete(apps.States) is { } incomplete) return incomplete;
        if (apps.All.Count == 0) return CheckResult.Skipped("没有配置钉钉应用", "No DingTalk app is configured");
        var results = await Task.WhenAll(apps.All.OrderBy(a => a.Name, StringComparer.Ordinal).Select(app => RunAsync(app, cancellation)));
        return results.MaxBy(r => r.Status)!;
    }

    /// <summary>What is wrong with the app's credentials; null: nothing.</summary>
    public static async Task<CheckResult?> CredentialsAsync(DingTalkApp app, CancellationToken cancellation)
    {
        try
        {
            await app.Client.Contacts.GetAsync(Nobody, cancellation);
        }
        catch (DingTalkApiException e) when (e.FailureKind == FailureKind.Authentication)
        {
            return CheckResult.Failed(new($"钉钉应用 {app.Name} 的 Client ID 或 Client Secret 不正确（{e.ErrorCode}）", $"The Client ID or Client Secret of the DingTalk app {app.Name} is wrong ({e.ErrorCode})"),
                new("在开发者后台“凭证与基础信息”核对", "Compare them with Credentials & Basic Info in the developer console"));
        }
        catch (DingTalkApiException e) when (e.ErrorCode is "60020" || e.ErrorCode.EndsWith("IpNotInWhiteList", StringComparison.Ordinal))
        {
            return CheckResult.Failed(new($"本机出口 IP 不在钉钉应用 {app.Name} 的白名单中", $"This machine's address is not on the list of the DingTalk app {app.Name}"),
                new("在开发者后台“安全设置”加入服务器出口 IP", "Add the server's address under Security Settings in the developer console"));
        }
        catch (DingTalkApiException)
        {
            // No such person, or no permission for contacts: the credentials were taken.
        }
        catch (PlatformNetworkException e)
        {
            return CheckResult.Failed(new($"钉钉没有应答：{e.Message}", $"DingTalk does not answer: {e.Message}"), new("检查出站网络，放行 api.dingtalk.com 和 oapi.dingtalk.com", "Look at the network going out; api.dingtalk.com and oapi.dingtalk.com must be reachable"));
        }

        return null;
    }

    private async Task<CheckResult> RunAsync(DingTalkApp app, CancellationToken cancellation)
    {
        if (await CredentialsAsync(app, cancellation) is { } refused) return refused;
        if (app.HasStream && streams.Of(app.Name) is { } stream && (stream.Refusal is not null || !stream.Status.IsConnected))
        {
            var why = stream.Refusal ?? stream.Status.Problem ?? "not tried yet";
            return CheckResult.Failed(new($"钉钉应用 {app.Name} 的 Stream 连接没有建立：{why}", $"The DingTalk app {app.Name} has no stream: {why}"),
                new("在开发者后台选择 Stream 模式并发布应用，放行 wss-open-connection.dingtalk.com", "Choose Stream mode in the developer console and publish the app; wss-open-connection.dingtalk.com must be reachable"));
        }

        if (app.CardProblem is { } problem)
        {
            return CheckResult.Warning(new($"钉钉拒绝了应用 {app.Name} 的卡片，回答改为普通消息：{problem}", $"DingTalk refused a card of the app {app.Name}, so answers come as messages: {problem}"),
                new("核对卡片模板 ID、模板变量，以及权限 Card.Instance.Write、Card.Streaming.Write", "Compare the template's id and variables, and the permissions Card.Instance.Write and Card.Streaming.Write"));
        }

        return app.Settings.CardTemplate is null
            ? CheckResult.Ok($"应用 {app.Name} 可用；没有 AI 卡片模板，回答写完后以 Markdown 消息发出", $"The app {app.Name} works; without an AI card template answers come as Markdown messages when they are whole")
            : CheckResult.Ok($"应用 {app.Name} 可用", $"The app {app.Name} works");
    }
}
