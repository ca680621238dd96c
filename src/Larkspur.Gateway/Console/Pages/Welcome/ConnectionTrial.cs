using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Channels.Feishu;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>Asks the platform for a token and for the bot: the shortest proof of App ID, App Secret and bot ability.</summary>
internal sealed class ConnectionTrial(FeishuApps apps, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async Task<TrialResult> RunAsync(CancellationToken cancellation)
    {
        if (!apps.TryGet(FeishuApps.Default, out var app)) return new(false, new("应用还没有生效：请检查上一步是否已保存凭证", "The app is not connected: check that its credentials were saved in the step before"));
        using var limit = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            // Not the remembered bot: this is about now.
            var answer = await app.Client.Bot.V3.Info.GetAsync(cancellationToken: either.Token);
            return answer.Bot is { OpenId: { Length: > 0 }, AppName: var name }
                ? new(true, new($"连接成功，机器人是“{name}”", $"Connected; the bot is “{name}”"))
                : new(false, new("凭证正确，但应用没有启用机器人能力：在开发者后台添加“机器人”并发布版本", "The credentials are right, but the app has no bot: add the bot ability in the developer console and publish a version"));
        }
        catch (PlatformApiException e)
        {
            return new(false, new($"平台拒绝了请求：{e.Message}", $"The platform refused: {e.Message}"));
        }
        catch (PlatformNetworkException)
        {
            return new(false, new("无法访问平台：请检查网络和代理", "The platform cannot be reached: check the network and the proxy"));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(false, new("平台 15 秒内没有响应", "The platform did not answer within 15 seconds"));
        }
    }
}

/// <summary>How it went.</summary>
internal sealed record TrialResult(bool Ok, LocalText Sentence);
