using System.Text.Json.Nodes;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Control;

/// <summary>Everything under <c>/_emulator/</c>.</summary>
public static class ControlEndpoints
{
    public static void AddControl(this IServiceCollection services)
    {
        services.AddSingleton<WorldReset>();
        services.AddSingleton<ActCommand>();
        services.AddSingleton<ApprovalAct>();
        services.AddSingleton<ApprovalsCommand>();
        services.AddSingleton<PushCommand>();
        services.AddSingleton<AppsCommand>();
        services.AddSingleton<VersionsCommand>();
        services.AddSingleton<ConnectionsCommand>();
        services.AddSingleton<CustomBotsCommand>();
        services.AddSingleton<MessageWait>();
        services.AddSingleton<TemplatesCommand>();
        services.AddSingleton<DocumentsCommand>();
    }

    public static void MapControl(this WebApplication app)
    {
        var services = app.Services;
        var world = services.GetRequiredService<EmulatedWorld>();
        var faults = services.GetRequiredService<FaultRules>();
        var apps = services.GetRequiredService<AppsCommand>();
        var versions = services.GetRequiredService<VersionsCommand>();
        var act = services.GetRequiredService<ActCommand>();
        var push = services.GetRequiredService<PushCommand>();
        var connections = services.GetRequiredService<ConnectionsCommand>();
        var customBots = services.GetRequiredService<CustomBotsCommand>();
        var wait = services.GetRequiredService<MessageWait>();
        var reset = services.GetRequiredService<WorldReset>();
        var templates = services.GetRequiredService<TemplatesCommand>();
        var approvals = services.GetRequiredService<ApprovalsCommand>();
        var documents = services.GetRequiredService<DocumentsCommand>();
        var platforms = services.GetServices<IEmulatedPlatform>().ToArray();
        var control = app.MapGroup("/_emulator");

        control.MapPost("/reset", Answer((_, _) =>
        {
            reset.Run();
            return Task.FromResult(Done());
        }));
        control.MapGet("/state", Answer((_, _) => Task.FromResult(StateView.Of(world, platforms))));
        control.MapPost("/act", Answer((input, http) => act.RunAsync(input, http.RequestAborted)));
        control.MapPost("/push", Answer((input, http) => push.RunAsync(input, http.RequestAborted)));
        control.MapGet("/faults", Answer((_, _) => Task.FromResult(FaultsCommand.List(faults))));
        control.MapPost("/faults", Answer((input, _) => Task.FromResult(FaultsCommand.Add(faults, input))));
        control.MapDelete("/faults", Answer((_, _) => Task.FromResult(FaultsCommand.Clear(faults))));
        control.MapDelete("/faults/{id}", Answer((_, http) => Task.FromResult(FaultsCommand.Remove(faults, Route(http, "id")))));
        control.MapGet("/clock", Answer((_, _) => Task.FromResult(ClockCommand.Show(world.Clock))));
        control.MapPost("/clock", Answer((input, _) => Task.FromResult(ClockCommand.Advance(world, input))));
        control.MapGet("/calls", Answer((_, http) => Task.FromResult(InspectorView.Calls(world, Limit(http)))));
        control.MapGet("/pushes", Answer((_, http) => Task.FromResult(InspectorView.Pushes(world, Limit(http)))));
        control.MapGet("/wait", Answer((_, http) => wait.RunAsync(http.Request.Query, http.RequestAborted)));
        control.MapPost("/apps", Answer((input, _) => Task.FromResult(apps.Add(input))));
        control.MapPatch("/apps/{appId}", Answer((input, http) => Task.FromResult(apps.Change(Route(http, "appId"), input))));
        control.MapPost("/apps/{appId}/scopes", Answer((input, http) => Task.FromResult(apps.ChangeScopes(Route(http, "appId"), input))));
        control.MapPost("/apps/{appId}/versions", Answer((input, http) => Task.FromResult(versions.Run(Route(http, "appId"), input))));
        control.MapPut("/apps/{appId}/callback", Answer((input, http) => apps.SetCallbackAsync(Route(http, "appId"), input, http.RequestAborted)));
        control.MapGet("/connections", Answer((_, _) => Task.FromResult(connections.List())));
        control.MapPost("/connections", Answer((input, http) => connections.RunAsync(input, http.RequestAborted)));
        control.MapGet("/custom-bots", Answer((_, _) => Task.FromResult(customBots.List())));
        control.MapPost("/custom-bots", Answer((input, _) => Task.FromResult(customBots.Add(input))));
        control.MapPatch("/custom-bots/{token}", Answer((input, http) => Task.FromResult(customBots.Change(Route(http, "token"), input))));
        control.MapDelete("/custom-bots/{token}", Answer((_, http) => Task.FromResult(customBots.Remove(Route(http, "token")))));
        control.MapGet("/tenant", Answer((_, _) => Task.FromResult(TenantCommand.Show(world))));
        control.MapPost("/tenant", Answer((input, _) => Task.FromResult(TenantCommand.Change(world, input))));
        control.MapPost("/guests", Answer((input, _) => Task.FromResult(GuestsCommand.Put(world, input))));
        control.MapGet("/templates", Answer((_, _) => Task.FromResult(templates.List())));
        control.MapPost("/templates", Answer((input, _) => Task.FromResult(templates.Put(input))));
        control.MapDelete("/templates/{id}", Answer((_, http) => Task.FromResult(templates.Remove(Route(http, "id")))));
        control.MapPatch("/approvals/{code}", Answer((input, http) => Task.FromResult(approvals.Change(Route(http, "code"), input))));
        control.MapPost("/documents", Answer((input, _) => Task.FromResult(documents.Put(input))));
        control.MapPatch("/documents/{token}", Answer((input, http) => Task.FromResult(documents.Change(Route(http, "token"), input))));
        control.MapPost("/tokens", Answer((input, _) => Task.FromResult(apps.UserToken(input))));
        control.MapDelete("/tokens", Answer((_, _) => Task.FromResult(apps.RevokeTokens())));
        control.MapGet("/files/{key}", (string key, HttpContext http) => Download(world, key, http));
        control.Map("/{**rest}", Answer((_, _) => throw new ControlRefusal("There is no such control call; see docs/emulator.md.", 404)));
    }

    internal static JsonObject Done() => new() { ["ok"] = true };

    private static RequestDelegate Answer(Func<ControlInput, HttpContext, Task<JsonObject>> run) => async http =>
    {
        JsonObject answer;
        try
        {
            var input = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method) ? new ControlInput([]) : await ControlInput.ReadAsync(http.Request);
            answer = await run(input, http);
        }
        catch (ControlRefusal refusal)
        {
            http.Response.StatusCode = refusal.Status;
            answer = new JsonObject { ["error"] = refusal.Message };
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(CanonicalJson.Write(answer), http.RequestAborted);
    };

    /// <summary>Uploads are foreign bytes: shown as their own type only when they are pictures.</summary>
    private static IResult Download(EmulatedWorld world, string key, HttpContext http)
    {
        if (world.File(key) is not { } file) return Results.NotFound(new { error = "There is no such file." });
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return file.IsImage ? Results.Bytes(file.Bytes, file.ContentType) : Results.Bytes(file.Bytes, "application/octet-stream", file.Name);
    }

    private static string Route(HttpContext http, string name) => http.Request.RouteValues[name]?.ToString() ?? "";

    private static int Limit(HttpContext http) => int.TryParse(http.Request.Query["limit"], out var limit) ? Math.Clamp(limit, 1, Inspector.Capacity) : 200;
}
