using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.Contacts;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>Silent signing in from a page inside the client, and whether the second factor was passed.</summary>
internal sealed class SignInAct(
    EmulatorState state, WeComCorp corp, EmulatorSettings settings, SignInCodes codes, ContactVisibility visibility, SecondFactor second)
{
    public static readonly IReadOnlyDictionary<string, string[]> Members = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["sign_in"] = ["scope", "page_url", "agent_id", "withhold"],
        ["second_factor"] = [],
    };

    public JsonObject Run(string what, ControlInput input)
    {
        var named = input.Need("as");
        // Guests sign in as well; they do nothing else here.
        var person = corp.Member(named) ?? state.Named(named)
            ?? throw new ControlRefusal($"There is no person {named}. People: {state.SomeNames}.");
        if (what == "second_factor") return new JsonObject { ["ok"] = true, ["passed"] = second.Passed(person) };
        var details = input.Text("scope") switch
        {
            null or "snsapi_base" => false,
            "snsapi_privateinfo" => true,
            _ => throw new ControlRefusal("\"scope\" must be snsapi_base or snsapi_privateinfo."),
        };
        if (person.Status != PersonStatus.Active) throw new ControlRefusal($"{named} is not signed in to the client: {person.Status}.");
        if (details && (person.IsGuest || !visibility.InRange(person)))
            throw new ControlRefusal($"{named} is outside of the application's visible range: the page says so and gives no code.");
        Uri? page = null;
        if (input.Text("page_url") is { } address
            && !(Uri.TryCreate(address, UriKind.Absolute, out page) && page.Scheme is "http" or "https"))
            throw new ControlRefusal("\"page_url\" must be an absolute http or https address.");
        return new JsonObject
        {
            ["ok"] = true, ["code"] = codes.Issue(new SignedInMember(person.UserId)
            {
                WithTicket = details, Shares = !input.Flag("withhold", false), Page = page,
                AgentId = input.Int("agent_id", 1, int.MaxValue) ?? settings.WeCom.AgentId,
            }),
        };
    }
}
