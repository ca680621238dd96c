using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Control;

/// <summary>What control asks of whichever platform it names; <c>feishu</c> where it names none.</summary>
internal sealed class PlatformCommands(EmulatorState state, IEnumerable<IEmulatedPlatform> platforms)
{
    private const string Default = "feishu";

    public static ControlRefusal NotPushed(string platform, string transport) =>
        new($"Pushing to {platform} over {transport} is not emulated; feishu over webhook or ws is.", 501);

    public JsonObject State()
    {
        var view = new JsonObject();
        foreach (var platform in platforms) platform.WriteState(view);
        view["clock"] = ClockCommand.Show(state.Clock);
        view["version"] = state.Version;
        return view;
    }

    public Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var name = input.Text("platform") ?? Default;
        var platform = platforms.FirstOrDefault(p => p.Name == name)
            ?? throw new ControlRefusal($"There is no platform {name}. Platforms: {string.Join(", ", platforms.Select(p => p.Name))}.");
        return platform.ActAsync(input, cancellationToken);
    }

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var name = input.Text("platform") ?? Default;
        var platform = platforms.FirstOrDefault(p => p.Name == name || p.PushNames.Contains(name))
            ?? throw NotPushed(name, input.Text("transport") ?? PushAttempt.Webhook);
        return platform.PushAsync(input, cancellationToken);
    }

    public void MapControl(ControlRoutes control)
    {
        foreach (var platform in platforms) platform.MapControl(control);
    }
}
