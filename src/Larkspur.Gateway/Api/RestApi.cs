using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Streams;
using Microsoft.OpenApi;

namespace Larkspur.Gateway.Api;

/// <summary>The REST API under <c>/api/v1</c> and its description at <c>/openapi/v1.json</c>.</summary>
internal static class RestApi
{
    public static void AddRestApi(this IServiceCollection services)
    {
        services.AddRoutingCore();
        // A value that cannot be read is answered like every other refusal, by a word.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            // Numbers are numbers; the web's default would describe each as "integer or string".
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Larkspur gateway";
            document.Info.Version = "v1";
            document.Info.Description = "Every call carries the key of LARKSPUR_API_KEY: Authorization: Bearer KEY, or X-Api-Key: KEY.";
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
                ["apiKey"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" },
            };
            document.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            ];
            return Task.CompletedTask;
        }));
    }

    public static void MapRestApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.Use(app.Services.GetRequiredService<ApiKey>().RequireAsync);
        var api = app.MapGroup("/api/v1").WithMetadata(new NeedsApiKey()).WithTags("Larkspur");
        api.MapInbox();
        api.MapOutbox();
        api.MapEvents();
        api.MapStatus();
        api.MapQuota();
        api.MapSchedules();
        api.MapMessages();
        api.MapCards();
        api.MapPeople();
        api.MapNotifications();
        api.MapStreams();
        api.MapApprovals();
        api.MapSettings();
        api.MapAudit();
        api.MapWebhooks();
        api.MapDeliveries();
        api.MapDoctor();
    }
}
