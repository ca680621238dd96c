using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress;

/// <summary><c>/webhook/feishu</c> for the default app, <c>/webhook/feishu/{app}</c> for named ones.</summary>
internal static class FeishuWebhookRoutes
{
    public static void MapFeishuWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhook = routes.ServiceProvider.GetRequiredService<FeishuWebhook>();
        routes.Map("/webhook/feishu", Handle).ExcludeFromDescription();
        routes.Map("/webhook/feishu/{app}", Handle).ExcludeFromDescription();

        Task Handle(HttpContext http)
        {
            // The webhook counts bytes itself: the server's own bound answers without our counter and error body.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound) bound.MaxRequestBodySize = null;
            return webhook.HandleAsync(http);
        }
    }
}
