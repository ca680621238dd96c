using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Auth;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Events;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;

namespace Larkspur.Emulator.DingTalk.Actions;

/// <summary>What the console and the network do: settings of the organisation, and the life of stream connections. Nobody's action, so without <c>as</c>.</summary>
internal sealed class TenantActions(
    EmulatorState state, DingTalkAccess gate, DingTalkLimits limits, StreamConnections connections, RobotDeliveries deliveries, CardStreamingApi streaming, DingTalkStateView view, AccessTokens tokens, PersonTokens people,
    JsapiTickets tickets, SignInRules signIn, EventDeliveries events, ApprovalActions approvals)
{
    public static readonly ImmutableSortedDictionary<string, string[]> Members = new Dictionary<string, string[]>
    {
        ["configure"] =
        [
            "edition", "calls", "deliveries", "denied_permissions", "allowed_addresses", "flow_controlled", "callback_url",
            "streaming_content_bytes", .. SignInRules.Members,
        ],
        ["connections"] = [],
        ["disconnect"] = ["id", "reason", "abrupt"],
        ["deaf"] = ["id", "remove"],
        ["refuse"] = ["status", "count"],
        ["event"] = ["type", "event"],
        ["revoke_tokens"] = ["as", "only"],
        ["add_approval_step"] = ["process_code", "people", "choose", "method", "name", "anew"],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public async Task<JsonObject> RunAsync(string what, ControlInput input, CancellationToken cancellationToken) => what switch
    {
        "configure" => Configure(input),
        "connections" => new JsonObject { ["ok"] = true, ["connections"] = view.Connections() },
        "disconnect" => await DisconnectAsync(input, cancellationToken),
        "deaf" => Deaf(input),
        "refuse" => Refuse(input),
        "event" => Event(input),
        "add_approval_step" => approvals.AddStep(input),
        _ => Revoke(input),
    };

    private JsonObject Configure(ControlInput input)
    {
        if (input.Text("edition") is { } edition) limits.Edition = DingTalkEdition.Named(edition) ?? throw new ControlRefusal("\"edition\" must be standard, professional or unlimited.");
        limits.Use(input.Int("calls", 0, int.MaxValue), input.Int("deliveries", 0, int.MaxValue));
        if (input.Texts("denied_permissions") is { } denied) gate.Denied = [.. denied];
        if (input.Texts("allowed_addresses") is { } addresses)
        {
            if (addresses.FirstOrDefault(a => !AddressRange.IsValid(a)) is { } bad) throw new ControlRefusal($"{bad} is no address or CIDR range.");
            gate.AllowedAddresses = [.. addresses];
        }

        if (input.Texts("flow_controlled") is { } people)
        {
            if (people.FirstOrDefault(p => state.Person(p) is null) is { } stranger) throw new ControlRefusal($"There is no person {stranger}.");
            limits.FlowControlled = [.. people];
        }

        if (input.Text("callback_url") is { } url)
        {
            if (url.Length > 0 && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")) throw new ControlRefusal("\"callbackUrl\" must be an absolute http or https address, or empty.");
            deliveries.CallbackUrl = url;
        }

        signIn.Change(input);
        streaming.ContentLimit = input.Int("streaming_content_bytes", 1, CardStreamingApi.MostBytes) ?? streaming.ContentLimit;
        return new JsonObject { ["ok"] = true, ["edition"] = limits.Edition.Name, ["callback_url"] = deliveries.CallbackUrl };
    }

    private async Task<JsonObject> DisconnectAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var chosen = Chosen(input);
        var (abrupt, reason) = (input.Flag("abrupt", false), input.Text("reason") ?? "disconnected by control");
        foreach (var connection in chosen)
        {
            if (abrupt) connection.Abort("dropped by control");
            else await connection.DisconnectAsync(reason, cancellationToken);
        }

        return new JsonObject { ["ok"] = true, ["connections"] = chosen.Count };
    }

    private JsonObject Deaf(ControlInput input)
    {
        var chosen = Chosen(input);
        foreach (var connection in chosen) connection.Deaf = !input.Flag("remove", false);
        return new JsonObject { ["ok"] = true, ["connections"] = chosen.Count };
    }

    private JsonObject Refuse(ControlInput input)
    {
        connections.PlanRefusals(input.Int("status", 400, 599) ?? 503, input.Int("count", 1, 1_000_000) ?? 1);
        return ControlEndpoints.Done();
    }

    /// <summary>Something happens; it is pushed as the platform pushes it, with every further try.</summary>
    private JsonObject Event(ControlInput input)
    {
        events.Begin(input.Need("type"), input.Object("event")?.DeepClone().AsObject() ?? []);
        return ControlEndpoints.Done();
    }

    /// <summary>Every token there is; or those of one person, or of people at all.</summary>
    private JsonObject Revoke(ControlInput input)
    {
        var named = input.Text("as");
        var person = named is null ? null : state.Named(named) ?? throw new ControlRefusal($"There is no person {named}. People: {state.SomeNames}.");
        var onlyRefresh = input.Text("only") switch
        {
            null => false,
            "refresh_token" => true,
            _ => throw new ControlRefusal("\"only\" can be refresh_token."),
        };
        var ended = people.End(person?.UserId, onlyRefresh);
        if (person is not null || onlyRefresh) return new JsonObject { ["ok"] = true, ["tokens"] = ended };
        tokens.Reset();
        tickets.Reset();
        return ControlEndpoints.Done();
    }

    /// <summary>One by <c>id</c>, or all.</summary>
    private IReadOnlyList<StreamConnection> Chosen(ControlInput input)
    {
        if (input.Text("id") is not { } id) return connections.All;
        return connections.All.FirstOrDefault(c => c.Id == id) is { } one ? [one] : throw new ControlRefusal($"There is no connection {id}.", 404);
    }
}
