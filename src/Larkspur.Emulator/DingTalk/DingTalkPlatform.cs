using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Acts;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk;

/// <summary>DingTalk on loopback, as control sees it.</summary>
internal sealed class DingTalkPlatform(EmulatedWorld world, DingTalkState state, PersonActs people, TenantActs tenant, PushAct push, DingTalkReset reset) : IEmulatedPlatform
{
    public string Name => "dingtalk";

    public JsonObject State() => state.Show();

    public async Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var what = input.Need("do");
        if (TenantActs.Members.TryGetValue(what, out var settings))
        {
            input.Only(["platform", "do", .. settings]);
            return await tenant.RunAsync(what, input, cancellationToken);
        }

        if (!PersonActs.Members.TryGetValue(what, out var members)) throw new ControlRefusal($"\"do\": {what} is unknown on dingtalk. Known: {string.Join(", ", PersonActs.Members.Keys.Concat(TenantActs.Members.Keys).Order(StringComparer.Ordinal))}.");
        input.Only(["platform", "as", "do", .. members]);
        var who = world.Person(input.Need("as")) ?? throw new ControlRefusal($"There is no person {input.Text("as")}. People: {string.Join(", ", world.People.Select(p => p.UserId))}.");
        return await people.RunAsync(who, what, input, cancellationToken);
    }

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) => push.RunAsync(input, cancellationToken);

    public void Reset() => reset.Run();
}
