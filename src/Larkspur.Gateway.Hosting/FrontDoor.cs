using Larkspur.Gateway.Api;
using Larkspur.Gateway.Console;

namespace Larkspur.Gateway.Hosting;

/// <summary>Addresses that lead elsewhere, and the reference of the REST API for readers.</summary>
internal static class FrontDoor
{
    /// <summary>The rendered reference.</summary>
    public const string Docs = "/docs";

    /// <summary>What many tutorials call the address of Feishu's events.</summary>
    private const string BorrowedWebhook = "/api/v1/feishu/webhook";

    /// <summary>Swagger UI styles its parts by attributes and draws icons from data addresses. It runs no other script and talks to nobody.</summary>
    private const string DocsPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>No answer has links, and on a phone an operation's name would stand in the way of its address.</summary>
    private const string DocsStyle = """
        <style>
        .swagger-ui .response-col_links { display: none }
        @media (max-width: 640px) { .swagger-ui .opblock .opblock-summary .opblock-summary-operation-id { display: none } }
        </style>
        """;

    /// <summary>Before anything judges a request by its path.</summary>
    public static void UseBorrowedAddresses(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Path.Equals(BorrowedWebhook, StringComparison.OrdinalIgnoreCase)) http.Request.Path = "/webhook/feishu";
        return next(http);
    });

    /// <summary>Before the routes are looked up.</summary>
    public static void UseReference(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (http.Request.Path.StartsWithSegments(Docs)) http.Response.Headers.ContentSecurityPolicy = DocsPolicy;
            return next(http);
        });
        app.UseSwaggerUI(reference =>
        {
            reference.RoutePrefix = Docs.TrimStart('/');
            reference.DocumentTitle = "Larkspur · REST API";
            reference.HeadContent = DocsStyle;
            reference.SwaggerEndpoint($"{RestApi.Description}/{DescriptionPage.Version}.json", "Larkspur");
            reference.DisplayOperationId();
            reference.DocExpansion(Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None);
            reference.DefaultModelsExpandDepth(0);
            reference.EnableFilter();
            reference.EnableDeepLinking();
        });
    }

    /// <summary>Who opens the bare address gets the console.</summary>
    public static void MapFrontDoor(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", ["GET", "HEAD"], static (HttpContext http) =>
            http.Response.Redirect(ConsolePaths.Root)).ExcludeFromDescription();
}
