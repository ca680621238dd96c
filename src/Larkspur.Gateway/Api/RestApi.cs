using System.Text.Json;

namespace Larkspur.Gateway.Api;

/// <summary>The REST API under <c>/api/v1</c> and its description at <c>/openapi/v1.json</c>.</summary>
internal static class RestApi
{
    public static void AddRestApi(this IServiceCollection services)
    {
        services.AddRoutingCore();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Larkspur gateway";
            document.Info.Version = "v1";
            document.Info.Description = "Every call carries the key of LARKSPUR_API_KEY: Authorization: Bearer KEY, or X-Api-Key: KEY.";
            return Task.CompletedTask;
        }));
    }

    public static void MapRestApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        var api = app.MapGroup("/api/v1").AddEndpointFilter(app.Services.GetRequiredService<ApiKey>().Require).WithTags("Larkspur");
        api.MapInbox();
    }
}
