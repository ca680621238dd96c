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
    private const int LargestBody = 16 << 10;
    private const int MostChecks = 100;

    /// <summary>What to examine.</summary>
    /// <param name="App">The app by its configured name; default: <c>default</c>.</param>
    /// <param name="Checks">Ids of the checks to run; absent: all, and the report is kept as the last one.</param>
    internal sealed record RunDoctor(string? App, IReadOnlyList<string>? Checks);

    /// <summary>Credentials to try. They are not stored.</summary>
    /// <param name="AppId">App ID, <c>cli_…</c>.</param>
    /// <param name="AppSecret">App Secret; it is in no log and no answer.</param>
    /// <param name="Brand"><c>feishu</c> (default) or <c>lark</c>.</param>
    /// <param name="Features">What the app is meant for: <c>notifications</c>, <c>payments</c>; default both.</param>
    internal sealed record TestConnection(string AppId, string AppSecret, string? Brand, IReadOnlyList<string>? Features);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/doctor", (string? app, DoctorEndpoints on) => on.Last(app))
            .WithName("GetDoctorReport").WithSummary("The doctor's last report")
            .WithDescription("Of the last whole run of the process that answers; 404 before the first.")
            .Produces<DoctorReportView>().Needs(ApiScopes.StatusRead).Refuses(404);
        api.MapPost("/doctor/run", (HttpContext http, DoctorEndpoints on, CancellationToken cancellation) => on.RunAsync(http, cancellation))
            .WithName("RunDoctor").WithSummary("Examine the installation")
            .WithDescription("Asks the platform with a fresh token, calls the gateway's own public address, and looks at database, outbox and keys; takes at most 20 s. "
                + "Nothing is changed, but that a check of a missing approval subscription subscribes.")
            .Takes<RunDoctor>().Produces<DoctorReportView>().Needs(ApiScopes.SettingsWrite).Refuses(400, 413, 415, 422, 429);
        api.MapPost("/connections/test", (HttpRequest request, DoctorEndpoints on, CancellationToken cancellation) => on.TestAsync(request, cancellation))
            .WithName("TestConnection").WithSummary("Try credentials that are not stored")
            .WithDescription("Token, bot, version and scopes of the given app. Nothing is stored, and the secret is in no log and no answer.")
            .Takes<TestConnection>().Produces<DoctorReportView>().Needs(ApiScopes.SettingsWrite).Refuses(400, 413, 415, 422, 429);
    }

    private Ok<DoctorReportView> Last(string? app) => doctor.Last(app ?? FeishuApps.Default) is { } report ? TypedResults.Ok(DoctorReportView.Of(report))
        : throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_run_yet", null, "This process has not run the doctor for this app yet: POST /api/v1/doctor/run.");

    private async Task<IResult> RunAsync(HttpContext http, CancellationToken cancellation)
    {
        string? app = null;
        IReadOnlyList<string>? only = null;
        // No body at all: everything.
        if (http.Request.ContentLength is > 0 || http.Request.HasJsonContentType())
        {
            var body = await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
            app = body.Text("app", 40);
            only = body.Texts("checks", MostChecks, 64);
            var unknown = only?.FirstOrDefault(id => doctor.Checks.All(c => c.Id != id));
            if (unknown is not null) throw RequestRefusedException.Impossible("unknown_check", body.At("checks"), $"There is no check \"{JsonFields.Shown(unknown)}\". There are {string.Join(", ", doctor.Checks.Select(c => c.Id))}.");
            body.End();
        }

        return await AnswerAsync(() => doctor.RunAsync(app ?? FeishuApps.Default, Caller.Of(http), only, cancellation));
    }

    private async Task<IResult> TestAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var appId = body.Need("app_id", body.Text("app_id", 64)).Trim();
        var secret = body.Need("app_secret", body.Text("app_secret", 500)).Trim();
        var brand = body.Text("brand", 20) switch
        {
            null or "feishu" => FeishuBrand.Feishu,
            "lark" => FeishuBrand.Lark,
            _ => throw RequestRefusedException.Impossible("bad_value", body.At("brand"), "It is feishu or lark."),
        };
        var features = Features(body);
        body.End();
        // What the header-safe characters of ids are is the platform's matter; control characters are nobody's.
        if (!appId.StartsWith("cli_", StringComparison.Ordinal) || !appId.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw RequestRefusedException.Impossible("bad_app_id", "/app_id", "An App ID begins with cli_, and letters and digits follow.");
        if (secret.Any(char.IsControl)) throw RequestRefusedException.Impossible("bad_value", "/app_secret", "It holds control characters.");
        return await AnswerAsync(() => doctor.TestAsync(appId, secret, brand, features, cancellation));
    }

    private static IReadOnlyList<PlatformFeature> Features(JsonFields body)
    {
        if (body.Texts("features", PlatformFeature.Switched.Count, 64) is not { } named) return PlatformFeature.Switched;
        return [.. named.Distinct(StringComparer.Ordinal).Select(name => PlatformFeature.Switched.FirstOrDefault(f => f.Id == name)
            ?? throw RequestRefusedException.Impossible("unknown_feature", body.At("features"), $"There is no feature \"{JsonFields.Shown(name)}\". There are {string.Join(", ", PlatformFeature.Switched.Select(f => f.Id))}."))];
    }

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
