using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
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
            .Refuses(503);
        api.MapPost("/quota/{app}/reset", ResetAsync)
            .WithName("ResetQuota").Needs(ApiScopes.SettingsWrite)
            .WithSummary("Let an app call again")
            .WithDescription("After the plan was raised: forgets that the platform said that the month is used up, and holds nothing because of the gateway's own count until the month ends. Counts stay.")
            .Produces<AppQuotaAnswer>()
            .Refuses(404, 503);
    }

    private static async Task<Ok<QuotaAnswer>> ListAsync(QuotaReport report, CancellationToken cancellation)
    {
        try
        {
            return TypedResults.Ok(await report.ReadAsync(cancellation));
        }
        catch (StorageUnavailableException)
        {
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "storage_unavailable");
        }
    }

    private static async Task<Ok<AppQuotaAnswer>> ResetAsync(
        KeyGrant by,
        [Description("The app's name in the settings")] string app, QuotaReport report, QuotaLedger ledger, QuotaRegistry book, CancellationToken cancellation)
    {
        if (!book.Apps.Contains(app)) throw new RequestRefusedException(StatusCodes.Status404NotFound, "app_unknown");
        try
        {
            await ledger.ResetAsync(by.Who, app, cancellation);
            return TypedResults.Ok(await report.ReadAsync(app, cancellation));
        }
        catch (StorageUnavailableException)
        {
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "storage_unavailable");
        }
    }
}
