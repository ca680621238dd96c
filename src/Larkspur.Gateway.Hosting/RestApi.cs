using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Commands.Registered;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Operations.Endpoints;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Robots;
using Larkspur.Gateway.Streams;
using Larkspur.Gateway.Tables;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Hosting;

/// <summary>The REST API under <c>/api/v1</c> and its description at <c>/openapi/v1.json</c>.</summary>
internal static class RestApi
{
    public const string Root = "/api";
    public const string Description = "/openapi";

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
        services.AddOpenApi(DescriptionPage.Version, ApiDescription.Describe);
    }

    public static void MapRestApi(this WebApplication app, IEndpointRouteBuilder routes)
    {
        // It is of the build, and need not wait for the routes that it tells of.
        app.MapMethods($"{Description}/{DescriptionPage.Version}.json", ["GET", "HEAD"], DescriptionPage.WriteAsync)
            .ExcludeFromDescription();
        app.Use(app.Services.GetRequiredService<ApiKey>().RequireAsync);
        var api = routes.MapGroup(Root + "/v1").WithMetadata(new NeedsApiKey())
            .AddEndpointFilter(new ProblemAnswers()).AddEndpointFilter(new KnownParameters());
        api.MapInbox();
        api.MapOutbox();
        api.MapEvents();
        api.MapStatus();
        api.MapQuota();
        api.MapSchedules();
        api.MapMessages();
        api.MapCards();
        api.MapCommands();
        api.MapPeople();
        api.MapNotifications();
        api.MapStreams();
        api.MapApprovals();
        api.MapSettings();
        api.MapAudit();
        api.MapWebhooks();
        api.MapRobots();
        api.MapTables();
        api.MapDeliveries();
        api.MapDoctor();
        api.MapApiKeys();
        api.MapWebSessions();
        api.MapAuthorizations();
        routes.MapScim();
    }
}
