using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Quota;

/// <summary>The ledger for programs and administrators.</summary>
internal static class QuotaEndpoints
{
    public static void MapQuota(this IEndpointRouteBuilder api)
    {
        api.MapGet("/quota", ListAsync)
            .WithName("ListQuota").Needs(ApiScopes.StatusRead)
            .WithSummary("API calls of this month, by app")
            .WithDescription("What was counted in all processes, the cap, the forecast for the end of the month, the mode, and the alarms that were raised.")
            .Produces<QuotaAnswer>()
            .Produces<ApiError>(StatusCodes.Status401Unauthorized)
            .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable);
        api.MapPost("/quota/{app}/reset", ResetAsync)
            .WithName("ResetQuota").Needs(ApiScopes.SettingsWrite)
            .WithSummary("Let an app call again")
            .WithDescription("After the plan was raised: forgets that the platform said that the month is used up, and holds nothing because of the gateway's own count until the month ends. Counts stay.")
            .Produces<AppQuotaAnswer>()
            .Produces<ApiError>(StatusCodes.Status401Unauthorized)
            .Produces<ApiError>(StatusCodes.Status404NotFound)
            .Produces<ApiError>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<QuotaAnswer>, JsonHttpResult<ApiError>>> ListAsync(QuotaReport report, CancellationToken cancellation)
    {
        try
        {
            return TypedResults.Ok(await report.ReadAsync(cancellation));
        }
        catch (StorageUnavailableException)
        {
            return Refuse("storage_unavailable", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<Results<Ok<AppQuotaAnswer>, JsonHttpResult<ApiError>>> ResetAsync(
        [Description("The app's name in the settings")] string app, QuotaReport report, QuotaLedger ledger, QuotaRegistry book, CancellationToken cancellation)
    {
        if (!book.Apps.Contains(app)) return Refuse("app_unknown", StatusCodes.Status404NotFound);
        try
        {
            await ledger.ResetAsync(app, cancellation);
            return TypedResults.Ok(await report.ReadAsync(app, cancellation));
        }
        catch (StorageUnavailableException)
        {
            return Refuse("storage_unavailable", StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static JsonHttpResult<ApiError> Refuse(string word, int status) => TypedResults.Json(new ApiError(word), statusCode: status);
}
