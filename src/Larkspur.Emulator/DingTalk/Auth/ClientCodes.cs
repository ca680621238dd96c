using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>What a page that is open inside the client gets from <c>dd.requestAuthCode</c>.</summary>
/// <remarks>The numbers of the client's own errors are not known; here they have words alone.</remarks>
internal sealed class ClientCodes(DingTalkSettings settings, SignInRules rules, SignInCodes codes)
{
    public static readonly string[] Members = ["client_id", "corp_id", "page_url", "deny"];

    public JsonObject Run(Person who, ControlInput input)
    {
        if (Problem(who, input) is { } why)
            return new JsonObject { ["ok"] = false, ["error"] = new JsonObject { ["message"] = why } };
        var client = input.Text("client_id");
        var signIn = new SignIn(who.UserId, SignInWay.Client, ClientId: client == settings.ClientId ? null : client);
        return new JsonObject { ["ok"] = true, ["code"] = codes.Issue(signIn) };
    }

    private string? Problem(Person who, ControlInput input)
    {
        if (who.Status != PersonStatus.Active || who.IsGuest) return "the person has no session in the organisation's client";
        if (input.Text("corp_id") is { } corp && corp != settings.CorpId)
            return "corpId is not the organisation that the person has chosen";
        if (input.Text("page_url") is { } page && !(Uri.TryCreate(page, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https" && rules.MaySendTo(address)))
            return "the page is not of a domain that the application has registered";
        return input.Flag("deny", false) ? "the person refused" : null;
    }
}
