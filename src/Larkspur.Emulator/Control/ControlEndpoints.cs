using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;

namespace Larkspur.Emulator.Control;

/// <summary>Everything under <c>/_emulator/</c>.</summary>
public static class ControlEndpoints
{
    public static void AddControl(this IServiceCollection services)
    {
        services.AddSingleton<StateReset>();
        services.AddSingleton<PlatformCommands>();
    }

    public static void MapControl(this WebApplication app)
    {
        var services = app.Services;
        var state = services.GetRequiredService<EmulatorState>();
        var faults = services.GetRequiredService<FaultRules>();
        var reset = services.GetRequiredService<StateReset>();
        var platforms = services.GetRequiredService<PlatformCommands>();
        var group = app.MapGroup("/_emulator");
        var control = new ControlRoutes(group);

        control.Post("/reset", (_, _) =>
        {
            reset.Run();
            return Done();
        });
        control.Get("/state", (_, _) => platforms.State());
        control.Post("/act", (input, http) => platforms.ActAsync(input, http.RequestAborted));
        control.Post("/push", (input, http) => platforms.PushAsync(input, http.RequestAborted));
        control.Get("/faults", (_, _) => FaultsCommand.List(faults));
        control.Post("/faults", (input, _) => FaultsCommand.Add(faults, input));
        control.Delete("/faults", _ => FaultsCommand.Clear(faults));
        control.Delete("/faults/{id}", http => FaultsCommand.Remove(faults, ControlRoutes.Value(http, "id")));
        control.Get("/clock", (_, _) => ClockCommand.Show(state.Clock));
        control.Post("/clock", (input, _) => ClockCommand.Advance(state, input));
        control.Get("/calls", (_, http) => InspectorView.Calls(state, Limit(http)));
        control.Get("/pushes", (_, http) => InspectorView.Pushes(state, Limit(http)));
        control.MapCompany(services);
        platforms.MapControl(control);
        group.MapGet("/files/{key}", (string key, HttpContext http) => Download(state, key, http));
        control.Rest((_, _) => throw new ControlRefusal("There is no such control call; see docs/emulator.md.", 404));
    }

    internal static JsonObject Done() => new() { ["ok"] = true };

    /// <summary>Uploads are foreign bytes: shown as their own type only when they are pictures.</summary>
    private static IResult Download(EmulatorState state, string key, HttpContext http)
    {
        if (state.File(key) is not { } file) return Results.NotFound(new { error = "There is no such file." });
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return file.IsImage ? Results.Bytes(file.Bytes, file.ContentType) : Results.Bytes(file.Bytes, "application/octet-stream", file.Name);
    }

    private static int Limit(HttpContext http) =>
        int.TryParse(http.Request.Query["limit"], out var limit) ? Math.Clamp(limit, 1, Inspector.Capacity) : 200;
}
