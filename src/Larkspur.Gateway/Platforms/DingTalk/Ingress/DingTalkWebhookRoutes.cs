namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary><c>/webhook/dingtalk</c> for the default app, <c>/webhook/dingtalk/{app}</c> for named ones; without a DingTalk app there is neither.</summary>
internal static class DingTalkWebhookRoutes
{
    public static void MapDingTalkWebhooks(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<DingTalkWebhook>() is not { } webhook) return;
        routes.Map("/webhook/dingtalk", webhook.HandleAsync).ExcludeFromDescription();
        routes.Map("/webhook/dingtalk/{app}", webhook.HandleAsync).ExcludeFromDescription();
    }
}
