using Larkspur.Feishu;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Doctor;

/// <summary>The doctor and "Test Connection" over REST.</summary>
internal sealed class DoctorEndpoints(DoctorRuns doctor)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/doctor", (string? app, DoctorEndpoints on) => on.Last(app))
            .WithName("GetDoctorReport").WithSummary("The doctor's last report")
            .WithDescription("Of the last whole run of the process that answers; 404 before the first.")
            .Produces<DoctorReportView>().Needs(ApiScopes.StatusRead).Refuses(404);
        api.MapPost("/doctor/run", (Body<RunDoctor> body, DoctorEndpoints on, CancellationToken cancellation) =>
            on.RunAsync(body, cancellation))
            .WithName("RunDoctor").WithSummary("Examine the installation")
            .WithDescription("Asks the platform with a fresh token, calls the gateway's own public address, and looks at database, outbox and keys; takes at most 20 s. "
                + "Nothing is changed, but that a check of a missing approval subscription subscribes.")
            .GoesWithoutBody().Produces<DoctorReportView>().Needs(ApiScopes.SettingsWrite).Refuses(400, 413, 415, 422, 429);
        api.MapPost("/connections/test", (Body<TestConnection> body, DoctorEndpoints on, CancellationToken cancellation) =>
            on.TestAsync(body, cancellation))
            .WithName("TestConnection").WithSummary("Try credentials that are not stored")
            .WithDescription("Token, bot, version and scopes of the given app. Nothing is stored, and the secret is in no log and no answer.")
            .Produces<DoctorReportView>().Needs(ApiScopes.SettingsWrite).Refuses(400, 413, 415, 422, 429);
    }

    private Ok<DoctorReportView> Last(string? app) => doctor.Last(app ?? FeishuApps.Default) is { } report ? TypedResults.Ok(DoctorReportView.Of(report))
        : throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_run_yet", null, "This process has not run the doctor for this app yet: POST /api/v1/doctor/run.");

    private async Task<IResult> RunAsync(Body<RunDoctor> body, CancellationToken cancellation)
    {
        // No body at all: everything.
        var sent = await body.ReadIfAnyAsync(cancellation);
        if (sent?.Checks?.FirstOrDefault(id => doctor.Checks.All(c => c.Id != id)) is { } unknown)
        {
            throw RequestRefusedException.Impossible("unknown_check", "/checks",
                $"There is no check \"{JsonFields.Shown(unknown)}\". There are {string.Join(", ", doctor.Checks.Select(c => c.Id))}.");
        }

        return await AnswerAsync(() =>
            doctor.RunAsync(sent?.App ?? FeishuApps.Default, Caller.Of(body.Http), sent?.Checks, cancellation));
    }

    private async Task<IResult> TestAsync(Body<TestConnection> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var (appId, secret) = (sent.AppId.Trim(), sent.AppSecret.Trim());
        var brand = sent.Brand switch
        {
            null or "feishu" => FeishuBrand.Feishu,
            "lark" => FeishuBrand.Lark,
            _ => throw RequestRefusedException.Impossible("bad_value", "/brand", "It is feishu or lark."),
        };
        var features = Features(sent.Features);
        // What the header-safe characters of ids are is the platform's matter; control characters are nobody's.
        if (!appId.StartsWith("cli_", StringComparison.Ordinal) || !appId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw RequestRefusedException.Impossible("bad_app_id", "/app_id", "An App ID begins with cli_, and letters and digits follow.");
        if (secret.Any(char.IsControl)) throw RequestRefusedException.Impossible("bad_value", "/app_secret", "It holds control characters.");
        return await AnswerAsync(() => doctor.TestAsync(appId, secret, brand, features, cancellation));
    }

    private static IReadOnlyList<PlatformFeature> Features(IReadOnlyList<string>? named) => named is null ? PlatformFeature.Switched
        : [.. named.Distinct(StringComparer.Ordinal).Select(name => PlatformFeature.Switched.FirstOrDefault(f => f.Id == name)
            ?? throw RequestRefusedException.Impossible("unknown_feature", "/features",
                $"There is no feature \"{JsonFields.Shown(name)}\". There are {string.Join(", ", PlatformFeature.Switched.Select(f => f.Id))}."))];

    private static async Task<IResult> AnswerAsync(Func<Task<DoctorReport>> run)
    {
        try
        {
            return TypedResults.Ok(DoctorReportView.Of(await run()));
        }
        catch (DoctorBusyException)
        {
            throw new RequestRefusedException(StatusCodes.Status429TooManyRequests, "busy", null, "Several runs wait already; try again in a moment.");
        }
    }
}

/// <summary>The doctor's routes.</summary>
internal static class DoctorRoutes
{
    public static void MapDoctor(this IEndpointRouteBuilder api) => DoctorEndpoints.Map(api);
}
