using Larkspur.Emulator.Web.Approvals;
using Larkspur.Emulator.Web.CardPreview;
using Larkspur.Emulator.Web.DingTalk;
using Larkspur.Emulator.Web.Documents;
using Larkspur.Emulator.Web.Platforms;
using Larkspur.Emulator.Web.Tables;
using Larkspur.Emulator.Web.WeCom;
using Larkspur.Emulator.Web.WeCom.Approvals;

namespace Larkspur.Emulator.Web;

/// <summary>The chat client at <c>/</c>: the page of a person in the emulated company.</summary>
/// <remarks>
/// Pages are Razor components rendered on the server; one embedded script follows the state over an event stream and swaps
/// fragments. Nothing is loaded from elsewhere and no inline script or style is allowed to run.
/// </remarks>
public static class WebClient
{
    // connect-src covers fetch and the event stream; blob and data are not needed, not even for images.
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Needs <see cref="EmulatorState"/> and <see cref="IPersonActions"/> among the services.</summary>
    public static IServiceCollection AddWebClient(this IServiceCollection services) =>
        services.AddSingleton<PageRenderer>().AddSingleton<EmbeddedAssets>().AddSingleton<CardLint>().AddSingleton<OpenTablePages>()
            .AddSingleton<IPlatformClient, WeComClient>().AddSingleton<IPlatformClient, DingTalkClient>();

    public static WebApplication MapWebClient(this WebApplication app)
    {
        var pages = app.MapGroup("").AddEndpointFilter(static (context, next) =>
        {
            var headers = context.HttpContext.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
        PageEndpoints.Map(pages);
        LiveEndpoints.Map(pages);
        AssetEndpoints.Map(pages);
        PreviewEndpoints.MapPage(pages);
        ApprovalEndpoints.MapPage(pages);
        WeComApprovalEndpoints.MapPage(pages);
        DocumentEndpoints.MapPages(pages);
        TableEndpoints.MapPages(pages);
        PlatformEndpoints.MapPages(pages);
        var actions = pages.MapGroup("/ui").AddEndpointFilter<SameOriginFilter>();
        ActionEndpoints.Map(actions);
        PreviewEndpoints.MapActions(actions);
        ApprovalEndpoints.MapActions(actions);
        WeComApprovalEndpoints.MapActions(actions);
        TableActions.Map(actions);
        PlatformActions.Map(actions);
        return app;
    }
}
